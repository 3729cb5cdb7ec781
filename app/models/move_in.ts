import { formatPorts, mergePorts } from '#addressing/ports'
import { DomainError } from '#exceptions/domain_error'
import type Cluster from '#models/cluster'
import DriftFinding from '#models/drift_finding'
import { DriftRound } from '#models/drift_round'
import Instance from '#models/instance'
import type PortPool from '#models/port_pool'
import type User from '#models/user'
import { Tenant } from '#models/concerns/tenant'

export type MoveInReport = {
  adopted: string[]
  /** Are instances already. */
  known: string[]
  refused: { ref: string; why: string }[]
}

/** Takes over what an older tool gave out on a cluster: its guests with their addresses, and its ports. */
export class MoveIn {
  constructor(private readonly cluster: Cluster) {}

  /**
   * Adopts the guest of each number, if it carries the address that the older tool gave it. May be done again: what
   * was adopted is known then.
   */
  async guests(
    addresses: Readonly<Record<string, { server_vmid: number }>>,
    by: User
  ): Promise<MoveInReport> {
    const report: MoveInReport = { adopted: [], known: [], refused: [] }
    await Tenant.system('compare a cluster before moving in', () =>
      new DriftRound(this.cluster).run()
    )
    for (const [address, { server_vmid: number }] of Object.entries(addresses)) {
      const ref = String(number)
      try {
        const isNew = await this.adopt(ref, address, by)
        report[isNew ? 'adopted' : 'known'].push(ref)
      } catch (error) {
        if (!(error instanceof DomainError) && !(error instanceof NotAsWritten)) throw error
        report.refused.push({ ref, why: error.message })
      }
    }
    return report
  }

  /** The older tool's rules go on carrying these: nobody else may get them. @throws PortLeasesOutside */
  async ports(pool: PortPool, given: readonly number[]): Promise<string> {
    const { name, family, address, listenAddress, ranges: ports, reservedRanges } = pool
    const ofTheOldTool = given.map((port) => ({ first: port, last: port }))
    const reserved = mergePorts([...reservedRanges, ...ofTheOldTool])
    await pool.redefine({ name, family, address, listenAddress, ports, reserved })
    return formatPorts(reserved)
  }

  /** @throws NotAsWritten, NotPossibleNow, NameTaken, QuotaExceeded, AddressNotLeasable */
  private async adopt(ref: string, address: string, by: User): Promise<boolean> {
    if (await this.isKnown(ref)) return false
    const finding = await this.findingOf(ref)
    const guest = finding?.facts.guest
    if (!finding || !guest) throw new NotAsWritten('the cluster has no such guest')
    const told = [...guest.assigned, ...guest.addresses].map((each) => each.address)
    const carried = [...new Set(told)]
    if (!carried.includes(address)) {
      throw new NotAsWritten(`it carries ${carried.join(', ') || 'no address'}, not ${address}`)
    }
    await finding.adopt(by)
    return true
  }

  private async isKnown(ref: string): Promise<boolean> {
    const instance = await Tenant.system('who has this number', () =>
      Instance.query().where({ cluster_id: this.cluster.id, ref }).whereNull('deleted_at').first()
    )
    return instance !== null
  }

  private async findingOf(ref: string): Promise<DriftFinding | null> {
    const findings = await DriftFinding.query()
      .where('cluster_id', this.cluster.id)
      .whereIn('kind', ['stranger', 'orphan'])
      .preload('cluster')
    return findings.find(({ facts }) => facts.guest?.ref === ref) ?? null
  }
}

/** The cluster says something else than the file. */
class NotAsWritten extends Error {
  override name = 'NotAsWritten'
}
