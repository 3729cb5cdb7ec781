import type { RemoteInstance } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { list, record, text } from '#drivers/json'
import { at, type ProxmoxClient } from '#drivers/proxmox/client'
import { noSuchInstance } from '#drivers/proxmox/errors'
import {
  addressesIn,
  numeric,
  parseGuest,
  tagsIn,
  toRemoteInstance,
  type ProxmoxGuest,
} from '#drivers/proxmox/guest'

const VMID = /^[1-9]\d{2,8}$/

/** Finding guests: a number is unique in the cluster, but every question about it goes to its node. */
export class ProxmoxGuests {
  /** Where it was when last seen. A guess: the node that is asked says when it is wrong. */
  private readonly places = new Map<string, string>()

  constructor(private readonly client: ProxmoxClient) {}

  /** null when the cluster says that the number is free; never because a node is silent. */
  async read(ref: string): Promise<ProxmoxGuest | null> {
    if (!VMID.test(ref)) return null
    const guessed = this.places.get(ref)
    if (guessed) {
      const guest = await this.readOn(guessed, ref)
      if (guest) return guest
      this.places.delete(ref)
    }
    if (await this.isFree(ref)) return null
    const rows = await this.rows()
    const row = rows.find(({ vmid }) => String(vmid) === ref)
    if (row && row.type !== 'lxc') return strange(ref, row)
    const told = text(row?.node)
    const there = told && (await this.readOn(told, ref))
    if (there) return there
    // It was made or moved since that was told.
    for (const node of await this.onlineNodes()) {
      const guest = node !== told && (await this.readOn(node, ref))
      if (guest) return guest
    }
    // It went in the meantime, or is about to: whoever asks again gets a clear answer.
    if (await this.isFree(ref)) return null
    throw new DriverError('busy', `the cluster is just making, moving or removing ${ref}`)
  }

  /** @throws DriverError not_found */
  async readOrFail(ref: string): Promise<ProxmoxGuest> {
    const guest = await this.read(ref)
    if (!guest) throw noSuchInstance(ref)
    return guest
  }

  async remote(guest: ProxmoxGuest): Promise<RemoteInstance> {
    return toRemoteInstance(guest, guest.isRunning ? await this.addressesOf(guest) : [])
  }

  async readOn(node: string, ref: string): Promise<ProxmoxGuest | null> {
    const path = at('nodes', node, 'lxc', ref)
    try {
      const [config, status] = await Promise.all([
        this.client.get(`${path}/config`),
        this.client.get(`${path}/status/current`),
      ])
      this.places.set(ref, node)
      return parseGuest({ ref, node }, config.data, status.data, status.date)
    } catch (error) {
      if (error instanceof DriverError && error.kind === 'not_found') return null
      throw error
    }
  }

  /** All on nodes that answer, with their configuration. */
  async *all(): AsyncGenerator<ProxmoxGuest> {
    for (const node of await this.onlineNodes()) {
      const { data, date } = await this.client.get(at('nodes', node, 'lxc'))
      const read = list(data).map(async (row) => {
        const ref = String(numeric(record(row).vmid))
        try {
          const config = await this.client.get(at('nodes', node, 'lxc', ref, 'config'))
          return parseGuest({ ref, node }, config.data, row, date)
        } catch (error) {
          // It was removed, or went to another node, while we read.
          if (error instanceof DriverError && error.kind === 'not_found') return null
          throw error
        }
      })
      for (const guest of await Promise.all(read)) if (guest) yield guest
    }
  }

  async onlineNodes(): Promise<string[]> {
    const { data } = await this.client.get('/nodes')
    return list(data)
      .map(record)
      .filter(({ status }) => status === 'online')
      .map(({ node }) => text(node) ?? '')
  }

  /** Every guest, in one question however many nodes and guests there are; its numbers are up to 10 s old. */
  async rows(): Promise<Record<string, unknown>[]> {
    const { data } = await this.client.get('/cluster/resources', { type: 'vm' })
    return list(data).map(record)
  }

  /** The one question that every node answers for the whole cluster, whatever we may see. */
  private async isFree(ref: string): Promise<boolean> {
    try {
      await this.client.get('/cluster/nextid', { vmid: ref })
      return true
    } catch (error) {
      if (error instanceof DriverError && error.kind === 'already_exists') return false
      throw error
    }
  }

  private async addressesOf({ node, ref }: ProxmoxGuest): Promise<RemoteInstance['addresses']> {
    try {
      const { data } = await this.client.get(at('nodes', node, 'lxc', ref, 'interfaces'))
      return addressesIn(data)
    } catch (error) {
      // It stopped while we asked.
      if (error instanceof DriverError && ['invalid', 'not_found'].includes(error.kind)) return []
      throw error
    }
  }
}

/** A virtual machine under the same number: somebody else's, and nothing is ever done to it. */
function strange(ref: string, row: Record<string, unknown>): ProxmoxGuest {
  return {
    ref,
    node: text(row.node) ?? '',
    kind: 'virtual-machine',
    stamp: null,
    tags: tagsIn(row.tags),
    lock: text(row.lock),
    isRunning: row.status === 'running',
    startedAt: null,
    diskBytes: null,
    config: {
      cores: String(numeric(row.maxcpu)),
      memory: String(Math.round(numeric(row.maxmem) / 2 ** 20)),
      rootfs: `size=${Math.round(numeric(row.maxdisk) / 2 ** 30)}G`,
    },
    digest: null,
  }
}
