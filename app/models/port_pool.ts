import { randomInt } from 'node:crypto'
import { DateTime } from 'luxon'
import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import db from '@adonisjs/lucid/services/db'
import { PortPoolSchema } from '#database/schema'
import {
  countPorts,
  drawRun,
  formatPorts,
  formatRange,
  includesPorts,
  mergePorts,
  parsePorts,
  subtractPorts,
  type PortRange,
} from '#addressing/ports'
import type { ForwardProtocol } from '#forwarders/contract'
import {
  NoFreePort,
  PortLeasesOutside,
  PortNotOffered,
  PortPoolInUse,
  PortReserved,
} from '#exceptions/domain_error'
import type { AuditSubject } from '#models/audit_event'
import Cluster from '#models/cluster'
import { keysetPage, type Cursor, type KeysetOrder, type KeysetPage } from '#models/concerns/keyset'
import { recordedChange, recordedRemoval } from '#models/concerns/recorded_change'
import { newUid } from '#models/concerns/uid'

const NAMED_LEASES = 5
/** So many are drawn before all that is taken is read: pools are seldom nearly full. */
const DRAWS = 8
const PAGE_SIZE = 50

const BY_CLUSTER: KeysetOrder<PortPool> = {
  columns: ['cluster_id', 'name'],
  descending: false,
  keyOf: ({ clusterId, name }) => [clusterId, name],
}

/** `ports` to give, without those that are `reserved`. */
export type PortPoolFacts = Pick<
  PortPoolSchema,
  'name' | 'family' | 'address' | 'listenAddress'
> & { ports: PortRange[]; reserved: PortRange[] }

export type PortPoolUsage = { total: number; leased: number }

export type PortImport = { added: number; known: number; reserved: number }

/** Ports of one public address that Portico may give to instances of a cluster. */
export default class PortPool extends PortPoolSchema {
  @belongsTo(() => Cluster)
  declare cluster: BelongsTo<typeof Cluster>

  @beforeCreate()
  static assignUid(pool: PortPool) {
    pool.uid ??= newUid('q')
  }

  /** Of one cluster or of all, with their clusters. */
  static list(cluster: Cluster | null, cursor: Cursor): Promise<KeysetPage<PortPool>> {
    const query = PortPool.query().preload('cluster')
    if (cluster) query.where('cluster_id', cluster.id)
    return keysetPage(query, BY_CLUSTER, cursor, PAGE_SIZE, (narrowed) => narrowed)
  }

  /** With its cluster. @throws when there is none */
  static presentAs(uid: string): Promise<PortPool> {
    return PortPool.query().where('uid', uid).preload('cluster').firstOrFail()
  }

  /** From which instances of the cluster may be given ports. */
  static openIn(clusterId: number, client?: TransactionClientContract): Promise<PortPool[]> {
    return PortPool.query({ client })
      .where('cluster_id', clusterId)
      .whereNull('closed_at')
      .orderBy('id')
      .exec()
  }

  /** @throws NameInUse */
  static async define(cluster: Cluster, facts: PortPoolFacts): Promise<PortPool> {
    const pool = new PortPool()
    await recordedChange<PortPool>(pool, 'port_pool.added', {
      clusterId: cluster.id,
      ...rowOf(facts),
    })
    return pool
  }

  /**
   * Gives it other facts. Forwards that exist keep the address they were made with.
   * @throws NameInUse; PortLeasesOutside when a port that is leased would not belong to it any more
   */
  async redefine(facts: PortPoolFacts): Promise<void> {
    await db.transaction(async (trx) => {
      await this.lock(trx)
      await recordedChange<PortPool>(this, 'port_pool.changed', rowOf(facts), trx)
      await this.refuseLeasesOutside(trx)
    })
  }

  /** Adds pasted ports to those it has. */
  async addPorts(pasted: PortRange[]): Promise<PortImport> {
    return db.transaction(async (trx) => {
      await this.lock(trx)
      const known = this.ranges
      const ports = formatPorts(mergePorts([...known, ...pasted]))
      await recordedChange<PortPool>(this, 'port_pool.changed', { ports }, trx)
      const merged = mergePorts(pasted)
      const fresh = countPorts(subtractPorts(merged, known))
      return {
        added: fresh,
        known: countPorts(merged) - fresh,
        reserved: countPorts(merged) - countPorts(subtractPorts(merged, this.reservedRanges)),
      }
    })
  }

  /** @throws PortPoolInUse while a port of it is leased */
  async remove(): Promise<void> {
    await db.transaction(async (trx) => {
      await this.lock(trx)
      const forwards = await trx
        .from('port_forwards')
        .where('port_pool_id', this.id)
        .count('* as total')
        .firstOrFail()
      if (Number(forwards.total) > 0) throw new PortPoolInUse({ forwards: Number(forwards.total) })
      const { name, address, ports } = this
      await recordedRemoval(this, 'port_pool.deleted', { name, address, ports }, trx)
    })
  }

  /** Nothing new is leased from it; what is leased stays so. */
  async close(): Promise<void> {
    if (!this.isOpen) return
    await recordedChange<PortPool>(this, 'port_pool.closed', { closedAt: DateTime.utc() })
  }

  open(): Promise<void> {
    return recordedChange<PortPool>(this, 'port_pool.opened', { closedAt: null })
  }

  get isOpen(): boolean {
    return this.closedAt === null
  }

  /** Where packets arrive at the node. */
  get listensOn(): string {
    return this.listenAddress ?? this.address
  }

  get ranges(): PortRange[] {
    return parsePorts(this.ports).ranges
  }

  get reservedRanges(): PortRange[] {
    return parsePorts(this.reserved).ranges
  }

  /** What may be given. */
  get leasable(): PortRange[] {
    return subtractPorts(this.ranges, this.reservedRanges)
  }

  get auditSubject(): AuditSubject {
    return { kind: 'port_pool', uid: this.uid, label: this.name }
  }

  /** That these ports may be asked for; whether they are free is decided by their lease. */
  requireLeasable(wanted: PortRange): void {
    const refusal = this.refusalOf(wanted)
    if (refusal) throw refusal
  }

  /** Why these ports may not be asked for; null: they may. */
  refusalOf(wanted: PortRange): PortNotOffered | PortReserved | null {
    const ports = formatRange(wanted)
    if (!includesPorts(this.ranges, wanted)) {
      return new PortNotOffered({ port: ports, offered: formatPorts(this.leasable) })
    }
    return includesPorts(this.leasable, wanted) ? null : new PortReserved({ port: ports })
  }

  /**
   * Ports in a row that are free for all these protocols at this moment, drawn at random.
   * @throws NoFreePort
   */
  async draw(
    protocols: readonly ForwardProtocol[],
    length: number,
    client: TransactionClientContract
  ): Promise<PortRange> {
    const leasable = this.leasable
    for (let attempt = 0; attempt < DRAWS; attempt++) {
      const run = drawRun(leasable, length, randomInt)
      if (!run) throw new NoFreePort({ pool: this.name })
      const taken = await this.taken(protocols, client)
        .whereBetween('port', [run.first, run.last])
        .first()
      if (!taken) return run
    }
    const rows = await this.taken(protocols, client).select('port')
    const taken = mergePorts(rows.map(({ port }) => ({ first: port, last: port })))
    const run = drawRun(subtractPorts(leasable, taken), length, randomInt)
    if (!run) throw new NoFreePort({ pool: this.name })
    return run
  }

  /** How full these pools are, in one statement however many they are. */
  static async usageOf(pools: PortPool[]): Promise<Map<number, PortPoolUsage>> {
    const rows = await db
      .from('port_forwards')
      .whereIn(
        'port_pool_id',
        pools.map(({ id }) => id)
      )
      .groupBy('port_pool_id')
      .select('port_pool_id')
      .sum({ leased: db.raw('last_port - first_port + 1') as unknown as string })
    const leased = new Map(rows.map((row) => [row.port_pool_id as number, Number(row.leased)]))
    return new Map(
      pools.map((pool) => [
        pool.id,
        // TCP and UDP have ports of their own.
        { total: 2 * countPorts(pool.leasable), leased: leased.get(pool.id) ?? 0 },
      ])
    )
  }

  static leasesOf(addresses: string[]) {
    return db.from('port_leases').whereIn('address', addresses)
  }

  private taken(protocols: readonly ForwardProtocol[], client: TransactionClientContract) {
    return client
      .from('port_leases')
      .where('address', this.address)
      .whereIn('protocol', [...protocols])
  }

  /** Leases insert a row that points here, so they wait until the transaction ends. */
  private lock(trx: TransactionClientContract) {
    return trx.from('port_pools').where('id', this.id).forUpdate().select('id').firstOrFail()
  }

  private async refuseLeasesOutside(trx: TransactionClientContract): Promise<void> {
    const rows = await trx
      .from('port_forwards')
      .where('port_pool_id', this.id)
      .orderBy('first_port')
      .select('first_port as first', 'last_port as last')
    const outside = (rows as PortRange[]).filter((range) => !includesPorts(this.ranges, range))
    if (outside.length === 0) return
    throw new PortLeasesOutside({
      forwards: outside.length,
      ports: formatPorts(outside.slice(0, NAMED_LEASES)),
    })
  }
}

function rowOf({ ports, reserved, ...facts }: PortPoolFacts) {
  return { ...facts, ports: formatPorts(ports), reserved: formatPorts(reserved) }
}
