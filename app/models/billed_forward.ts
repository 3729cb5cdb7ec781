import { portsOf, type PortRange } from '#addressing/ports'
import type { DomainError } from '#exceptions/domain_error'
import { NotFound, PortTaken } from '#exceptions/domain_error'
import { FORWARD_PROTOCOLS, type ForwardProtocol } from '#forwarders/contract'
import type BillingKey from '#models/billing_key'
import { BilledInstance } from '#models/billed_instance'
import type Instance from '#models/instance'
import Operation from '#models/operation'
import PortForward, { type Forwarded } from '#models/port_forward'
import PortPool from '#models/port_pool'

/** A rule in the billing system's words: it knows no ids, a rule is its protocol and its ports. */
export type BilledRule = {
  protocol: ForwardProtocol | 'both'
  /** In the instance; of a range the first. */
  targetPort: number
  /** The public one; null: drawn at random. */
  port: number | null
  count: number
  note: string | null
}

/** Port forwards as a billing system knows them. */
export const BilledForward = {
  /** None for an instance that is not: the contract has it so. */
  async all(key: BillingKey, reference: string): Promise<PortForward[]> {
    const instance = await BilledInstance.find(key, reference)
    return instance ? PortForward.ofInstance(instance) : []
  },

  /**
   * Asked again while the very same rule is being made, that is the answer.
   * @throws PortTaken for a rule that exists, and all that Instance.forward throws
   */
  async add(instance: Instance, { count, ...rule }: BilledRule): Promise<Forwarded> {
    const same = await sameRule(instance, { count, ...rule })
    if (same.length > 0) {
      const operation = await openOperation(instance, 'port_forward.create', same)
      if (!operation) throw new PortTaken({ port: rule.port! })
      return { operation, forwards: same }
    }
    return instance.forward({ ...rule, count }, null)
  },

  /** null: there is no such rule, or not any more. @throws InstanceBusy */
  async remove(instance: Instance, rule: BilledRule): Promise<Operation | null> {
    const forwards = await sameRule(instance, rule)
    if (forwards.length === 0) return null
    const going = await openOperation(instance, 'port_forward.delete', forwards)
    return going ?? instance.unforward(forwards, null)
  },

  /** Why a public port cannot be had; null: at this moment it can. */
  async refusalOf(
    instance: Instance,
    protocol: ForwardProtocol | 'both',
    port: number
  ): Promise<DomainError | null> {
    const wanted: PortRange = { first: port, last: port }
    const pools = await PortPool.openIn(instance.clusterId)
    let refusal: DomainError = new NotFound()
    for (const pool of pools) {
      const refused = pool.refusalOf(wanted)
      if (!refused) {
        const taken = await PortPool.leasesOf([pool.address])
          .whereIn('protocol', protocolsOf(protocol))
          .whereIn('port', portsOf(wanted))
          .first()
        return taken ? new PortTaken({ port }) : null
      }
      refusal = refused
    }
    return refusal
  },
}

async function sameRule(
  instance: Instance,
  { protocol, port, count, targetPort }: BilledRule
): Promise<PortForward[]> {
  if (port === null) return []
  const forwards = await PortForward.ofInstance(instance)
  return forwards.filter(
    (forward) =>
      protocolsOf(protocol).includes(forward.protocol) &&
      forward.firstPort === port &&
      forward.count === count &&
      forward.targetPort === targetPort
  )
}

function protocolsOf(protocol: ForwardProtocol | 'both'): ForwardProtocol[] {
  return protocol === 'both' ? [...FORWARD_PROTOCOLS] : [protocol]
}

async function openOperation(
  instance: Instance,
  type: 'port_forward.create' | 'port_forward.delete',
  forwards: PortForward[]
): Promise<Operation | null> {
  const open = await Operation.query()
    .where({ instanceId: instance.id, type })
    .whereNotNull('open_on')
    .first()
  const ids = (open?.input.forwardIds ?? []) as number[]
  return open && forwards.every(({ id }) => ids.includes(id)) ? open : null
}
