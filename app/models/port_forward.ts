import { DateTime } from 'luxon'
import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { PortForwardSchema } from '#database/schema'
import { formatRange, LAST_PORT, portsOf, type PortRange } from '#addressing/ports'
import { FORWARD_PROTOCOLS, type Forward, type ForwardProtocol } from '#forwarders/contract'
import {
  InstanceBusy,
  NoFreePort,
  NoForwardAddress,
  NoPortPool,
  NotPossibleNow,
  PortBeyondLast,
  PortTaken,
  PortNotOffered,
  TooManyForwards,
  DomainError,
} from '#exceptions/domain_error'
import Address from '#models/address'
import Cluster from '#models/cluster'
import Instance from '#models/instance'
import Operation from '#models/operation'
import PortPool from '#models/port_pool'
import Quota from '#models/quota'
import User from '#models/user'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { isUniqueViolation } from '#models/concerns/database_errors'
import { sqlTime } from '#models/concerns/sql'
import { transaction } from '#models/concerns/transaction'
import { newUid } from '#models/concerns/uid'

export const SSH_PORT = 22
/** Longest range in one forward. */
export const LONGEST_RANGE = 100
/** Each lost race costs one try; two hundred mean that something else is wrong. */
const LEASE_TRIES = 200

/** What somebody wants to be forwarded. */
export type ForwardOrder = {
  /** `both`: one forward of each, on the same public port. */
  protocol: ForwardProtocol | 'both'
  /** In the instance; of a range the first. */
  targetPort: number
  /** How many ports in a row; 1 when left out. */
  count?: number
  /** The public port, of a range the first; left out or null: drawn at random. */
  port?: number | null
  /** From which pool; left out: from whichever open pool of the cluster has it. */
  pool?: PortPool | null
  note?: string | null
}

export type Forwarded = { operation: Operation; forwards: PortForward[] }

/** The order as an operation keeps it, to be tried again. */
type KeptOrder = Omit<ForwardOrder, 'pool'> & { poolId: number | null }

/**
 * Whether the port to SSH that came with it counts towards its limit: a billing system sells the number that its old
 * server counted, of which SSH took one. Everywhere else it is a gift.
 */
export function countsSsh({ billingReference }: Pick<Instance, 'billingReference'>): boolean {
  return billingReference !== null
}

/** Public ports that lead to an instance: one port, or a range of them, of one protocol. */
export default class PortForward extends compose(PortForwardSchema, BelongsToOrganization) {
  @belongsTo(() => Instance)
  declare instance: BelongsTo<typeof Instance>

  @belongsTo(() => Cluster)
  declare cluster: BelongsTo<typeof Cluster>

  @belongsTo(() => PortPool)
  declare portPool: BelongsTo<typeof PortPool>

  @belongsTo(() => User, { foreignKey: 'createdById' })
  declare createdBy: BelongsTo<typeof User>

  @beforeCreate()
  static assignUid(forward: PortForward) {
    forward.uid ??= newUid('f')
  }

  /**
   * Leases the ports and opens one operation that has all of them forwarded: all rows, leases, quota and the
   * operation come into being together or not at all. Call `instance.forward(…)`.
   * @throws NoPortPool, NoForwardAddress, PortNotOffered, PortReserved, PortTaken, NoFreePort, PortBeyondLast,
   * TooManyForwards, QuotaExceeded, InstanceBusy, NotPossibleNow
   */
  static async order(
    instance: Instance,
    orders: ForwardOrder[],
    by: User | null,
    requestKey?: string | null,
    retryOf?: Operation
  ): Promise<Forwarded> {
    const earlier = await PortForward.ofRequest(instance, requestKey)
    if (earlier) return earlier
    if (!instance.isProvisioned) throw new NotPossibleNow()
    for (let attempt = 1; ; attempt++) {
      try {
        return await transaction((trx) =>
          PortForward.accept(instance, orders, { by, requestKey, retryOf }, trx)
        )
      } catch (error) {
        const twin = await PortForward.ofRequest(instance, requestKey)
        if (twin) return twin
        if (!isUniqueViolation(error)) throw error
        await PortForward.refuseTaken(orders, instance, error)
        if (attempt === LEASE_TRIES) throw new NoFreePort({ pool: '' }, { cause: error })
      }
    }
  }

  /** The same order once more, after it was taken back. */
  static async orderAgain(instance: Instance, failed: Operation, by: User): Promise<Operation> {
    const kept = failed.input.orders as KeptOrder[]
    const orders = await Promise.all(
      kept.map(async ({ poolId, ...order }) => ({
        ...order,
        pool: poolId === null ? null : await PortPool.find(poolId),
      }))
    )
    const { operation } = await PortForward.order(instance, orders, by, null, failed)
    return operation
  }

  /**
   * Opens one operation that takes all of these forwards of the instance away.
   * @throws InstanceBusy, NotPossibleNow when none is left of them
   */
  static async removeAll(
    instance: Instance,
    forwards: PortForward[],
    by: User | null,
    requestKey?: string | null
  ): Promise<Operation> {
    const earlier = await Operation.ofRequest(instance.organizationId, requestKey)
    if (earlier) return earlier
    if (forwards.length === 0) throw new NotPossibleNow()
    return transaction((trx) =>
      Operation.open(
        {
          type: 'port_forward.delete',
          instance,
          input: {
            forwardIds: forwards.map(({ id }) => id),
            told: forwards.map(({ label }) => label),
          },
          requestedBy: by,
          requestKey,
        },
        trx
      )
    )
  }

  /** Needs `instance`. @throws InstanceBusy */
  remove(this: PortForward, by: User | null, requestKey?: string | null): Promise<Operation> {
    return PortForward.removeAll(this.instance, [this], by, requestKey)
  }

  /** How many ports of the instance count towards its limit. */
  static async countFor(instance: Instance, client?: TransactionClientContract): Promise<number> {
    const rows = await PortForward.query({ client })
      .where('instance_id', instance.id)
      .if(!countsSsh(instance), (query) => query.whereNull('ssh_of_id'))
      .select('first_port', 'last_port')
    return rows.reduce((sum, { count }) => sum + count, 0)
  }

  /**
   * Leases the port to SSH that comes with an instance, at random, from the first open pool that has one left.
   * Asked twice, there is one. null: its cluster gives none.
   * @throws NoFreePort when all its pools are empty
   */
  static async reserveSsh(instance: Instance): Promise<PortForward | null> {
    const reserved = () => PortForward.query().where('ssh_of_id', instance.id).first()
    const pools = await PortForward.poolsFor(instance)
    for (let attempt = 1; pools.length > 0; attempt++) {
      const known = await reserved()
      if (known) return known
      try {
        return await transaction(async (trx) => {
          const wish = { protocol: 'tcp' as const, targetPort: SSH_PORT }
          const [forward] = await PortForward.lease(instance, wish, pools, trx, {
            sshOfId: instance.id,
          })
          return forward!
        })
      } catch (error) {
        if (!isUniqueViolation(error) || attempt === LEASE_TRIES) throw error
      }
    }
    return null
  }

  /** Deletes rows, and with them leases and what was taken of the quota. */
  static async release(forwardIds: number[], trx: TransactionClientContract): Promise<void> {
    if (forwardIds.length === 0) return
    await trx.from('port_leases').whereIn('port_forward_id', forwardIds).delete()
    await trx.from('port_forwards').whereIn('id', forwardIds).delete()
    for (const id of forwardIds.toSorted((a, b) => a - b)) {
      await Quota.giveBack(quotaSubject(id), trx)
    }
  }

  /** From now on the reconciler keeps them there. */
  static async markApplied(forwardIds: number[], trx: TransactionClientContract): Promise<void> {
    await trx
      .from('port_forwards')
      .whereIn('id', forwardIds)
      .whereNull('applied_at')
      .update({ applied_at: sqlTime(DateTime.utc()) })
  }

  /**
   * As whoever carries them has to know them. One whose instance has lost its address is left out.
   * Needs `instance` with `addresses`.
   */
  static toCarry(forwards: PortForward[]): Forward[] {
    return forwards.flatMap((forward) => {
      const family = forward.listenAddress.includes(':') ? 6 : 4
      const target = forward.instance.addresses.find((address) => address.family === family)
      if (!target) return []
      return {
        ref: forward.uid,
        protocol: forward.protocol,
        listenAddress: forward.listenAddress,
        firstPort: forward.firstPort,
        lastPort: forward.lastPort,
        target: {
          instance: forward.instance.ref,
          address: target.address,
          firstPort: forward.targetPort,
        },
      }
    })
  }

  /** With what `toCarry` needs, in the order in which they were made. */
  static ofInstance(instance: Instance): Promise<PortForward[]> {
    return PortForward.query()
      .where('instance_id', instance.id)
      .preload('instance', (query) => query.preload('addresses'))
      .preload('createdBy')
      .orderBy('id')
      .exec()
  }

  /** Of these uids, those that are the instance's. */
  static async among(instance: Instance, uids: string[]): Promise<PortForward[]> {
    const forwards = await PortForward.ofInstance(instance)
    return forwards.filter(({ uid }) => uids.includes(uid))
  }

  get count(): number {
    return this.lastPort - this.firstPort + 1
  }

  get ports(): PortRange {
    return { first: this.firstPort, last: this.lastPort }
  }

  get targetPorts(): PortRange {
    return { first: this.targetPort, last: this.targetPort + this.count - 1 }
  }

  /** It came with the instance, and does not count towards its limit. */
  get isForSsh(): boolean {
    return this.sshOfId !== null
  }

  /** `203.0.113.7:20022`, of a range `203.0.113.7:20022-20031`; what a customer copies. */
  get publicAddress(): string {
    const host = this.address.includes(':') ? `[${this.address}]` : this.address
    return `${host}:${formatRange(this.ports)}`
  }

  /** In one line, for the audit and for operations. */
  get label(): string {
    return `${this.publicAddress}/${this.protocol} → ${formatRange(this.targetPorts)}`
  }

  private static async accept(
    instance: Instance,
    orders: ForwardOrder[],
    {
      by,
      requestKey,
      retryOf,
    }: { by: User | null; requestKey?: string | null; retryOf?: Operation },
    trx: TransactionClientContract
  ): Promise<Forwarded> {
    // Locked, so that two requests count one after the other.
    await trx.from('instances').where('id', instance.id).forUpdate().select('id')
    await PortForward.refuseBusy(instance, trx)
    const pools = await PortForward.poolsFor(instance, trx)
    if (pools.length === 0) throw new NoPortPool()
    await PortForward.refuseTooMany(instance, orders, trx)
    const forwards: PortForward[] = []
    for (const order of orders) {
      const chosen = order.pool ? pools.filter(({ id }) => id === order.pool!.id) : pools
      if (chosen.length === 0) throw new NoPortPool()
      const fields = { note: order.note ?? null, createdById: by?.id ?? null }
      forwards.push(...(await PortForward.lease(instance, order, chosen, trx, fields)))
    }
    for (const { id, count } of forwards) {
      await Quota.take(instance.organizationId, quotaSubject(id), { port_forwards: count }, trx)
    }
    const operation = await Operation.open(
      {
        type: 'port_forward.create',
        instance,
        input: {
          forwardIds: forwards.map(({ id }) => id),
          told: forwards.map(({ label }) => label),
          orders: orders.map(({ pool, ...order }) => ({ ...order, poolId: pool?.id ?? null })),
        },
        requestedBy: by,
        requestKey,
        retryOf,
      },
      trx
    )
    return { operation, forwards }
  }

  /** Said before ports are looked for: a busy instance is no reason to call a port taken. */
  private static async refuseBusy(instance: Instance, trx: TransactionClientContract) {
    const open = await Operation.query({ client: trx })
      .where('instance_id', instance.id)
      .whereNotNull('open_on')
      .first()
    if (open) throw new InstanceBusy({ instance: instance.name, operation: open.uid })
  }

  private static async refuseTooMany(
    instance: Instance,
    orders: ForwardOrder[],
    trx: TransactionClientContract
  ) {
    const maximum = instance.portForwardLimit
    const used = await PortForward.countFor(instance, trx)
    const wanted = orders.reduce(
      (sum, { protocol, count = 1 }) => sum + count * (protocol === 'both' ? 2 : 1),
      0
    )
    if (used + wanted > maximum) throw new TooManyForwards({ maximum, used, wanted })
  }

  /** Open pools whose family the instance has an address of. */
  private static async poolsFor(
    instance: Instance,
    trx?: TransactionClientContract
  ): Promise<PortPool[]> {
    const pools = await PortPool.openIn(instance.clusterId, trx)
    if (pools.length === 0) return []
    const addresses = await Address.query({ client: trx })
      .where('instance_id', instance.id)
      .whereNull('interface_id')
    const families = new Set(addresses.map(({ family }) => family))
    const suited = pools.filter(({ family }) => families.has(family))
    if (suited.length === 0 && instance.isProvisioned) throw new NoForwardAddress()
    return suited
  }

  /** Who comes first is decided by the unique key of `port_leases`. */
  private static async lease(
    instance: Instance,
    { protocol, targetPort, count = 1, port = null }: ForwardOrder,
    pools: PortPool[],
    trx: TransactionClientContract,
    fields: Partial<Pick<PortForward, 'note' | 'createdById' | 'sshOfId'>>
  ): Promise<PortForward[]> {
    if (targetPort + count - 1 > LAST_PORT) throw new PortBeyondLast({ port: targetPort, count })
    const protocols = protocol === 'both' ? FORWARD_PROTOCOLS : [protocol]
    const { pool, ports } =
      port === null
        ? await drawFromAny(pools, protocols, count, trx)
        : chosenFrom(pools, { first: port, last: port + count - 1 })
    const forwards: PortForward[] = []
    for (const each of protocols) {
      const forward = await PortForward.create(
        {
          organizationId: instance.organizationId,
          instanceId: instance.id,
          clusterId: instance.clusterId,
          portPoolId: pool.id,
          protocol: each,
          address: pool.address,
          listenAddress: pool.listensOn,
          firstPort: ports.first,
          lastPort: ports.last,
          targetPort,
          note: null,
          sshOfId: null,
          createdById: null,
          appliedAt: null,
          missingSince: null,
          ...fields,
        },
        { client: trx }
      )
      // The insert waited for whoever redefines the pool; only now what it offers is certain.
      const now = await PortPool.findOrFail(pool.id, { client: trx })
      if (!now.isOpen) throw new NoPortPool()
      now.requireLeasable(ports)
      await trx.table('port_leases').multiInsert(
        portsOf(ports).map((number) => ({
          port_forward_id: forward.id,
          address: pool.address,
          protocol: each,
          port: number,
        }))
      )
      forwards.push(forward)
    }
    return forwards
  }

  /** A port that was asked for by its number is not drawn anew: somebody has it. */
  private static async refuseTaken(orders: ForwardOrder[], instance: Instance, cause: unknown) {
    const pools = await PortPool.openIn(instance.clusterId)
    for (const { port, count = 1, pool } of orders) {
      if (!port) continue
      const addresses = (pool ? [pool] : pools).map(({ address }) => address)
      const taken = await PortForward.takenAmong(addresses, { first: port, last: port + count - 1 })
      if (taken !== null) throw new PortTaken({ port: taken }, { cause })
    }
    // Two orders of the same request want the same port: trying again would change nothing.
    const numbered = orders.filter(({ port }) => port)
    if (numbered.length > 1) throw new PortTaken({ port: numbered[1]!.port! }, { cause })
  }

  private static async takenAmong(
    addresses: string[],
    { first, last }: PortRange
  ): Promise<number | null> {
    const lease = await PortPool.leasesOf(addresses).whereBetween('port', [first, last]).first()
    return lease ? Number(lease.port) : null
  }

  private static async ofRequest(
    instance: Instance,
    requestKey: string | null | undefined
  ): Promise<Forwarded | null> {
    const operation = await Operation.ofRequest(instance.organizationId, requestKey)
    if (!operation) return null
    const ids = operation.input.forwardIds as number[]
    return { operation, forwards: await PortForward.query().whereIn('id', ids).orderBy('id') }
  }
}

export const quotaSubject = (forwardId: number): string => `port_forward-${forwardId}`

async function drawFromAny(
  pools: PortPool[],
  protocols: readonly ForwardProtocol[],
  count: number,
  trx: TransactionClientContract
): Promise<{ pool: PortPool; ports: PortRange }> {
  for (const pool of pools) {
    try {
      return { pool, ports: await pool.draw(protocols, count, trx) }
    } catch (error) {
      if (!(error instanceof NoFreePort) || pool === pools.at(-1)) throw error
    }
  }
  throw new NoPortPool()
}

/** The first pool that offers them; what the last one says when none does. */
function chosenFrom(pools: PortPool[], ports: PortRange): { pool: PortPool; ports: PortRange } {
  let refusal: DomainError = new PortNotOffered({ port: formatRange(ports), offered: '' })
  for (const pool of pools) {
    try {
      pool.requireLeasable(ports)
      return { pool, ports }
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      refusal = error
    }
  }
  throw refusal
}
