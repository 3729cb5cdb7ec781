import { DateTime } from 'luxon'
import { beforeCreate, belongsTo, hasMany } from '@adonisjs/lucid/orm'
import type { ModelQueryBuilderContract } from '@adonisjs/lucid/types/model'
import type { BelongsTo, HasMany } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import db from '@adonisjs/lucid/services/db'
import { AddressPoolSchema } from '#database/schema'
import { formatAddress, parseAddress, type AddressKey } from '#addressing/address'
import { chooseAddress, type TakenAddresses } from '#addressing/choose'
import { parseCidr, usableRange, type AddressRange as Range, type Cidr } from '#addressing/cidr'
import { parseList } from '#addressing/parse_list'
import {
  formatRanges,
  leasableRanges,
  mergeRanges,
  sizeOf,
  subtractRanges,
} from '#addressing/ranges'
import { LeasesOutside, NoFreeAddress, PoolInUse } from '#exceptions/domain_error'
import Address from '#models/address'
import AddressRange from '#models/address_range'
import AuditEvent, { type AuditSubject } from '#models/audit_event'
import Cluster from '#models/cluster'
import type Instance from '#models/instance'
import { isDeadlock, isUniqueViolation } from '#models/concerns/database_errors'
import { keysetPage, type Cursor, type KeysetOrder, type KeysetPage } from '#models/concerns/keyset'
import { recordedChange, recordedRemoval } from '#models/concerns/recorded_change'
import { newUid } from '#models/concerns/uid'

/** Each lost race costs one try; two hundred mean that something else is wrong. */
const LEASE_TRIES = 200
const INSERT_CHUNK = 250
const NAMED_LEASES = 5

/** The parts of the network to hand out, an empty `included` means all of it; and those that never are. */
export type PoolAddresses = { included: Range[]; excluded: Range[] }

export type PoolFacts = Pick<
  AddressPoolSchema,
  'name' | 'cidr' | 'gateway' | 'network' | 'nameservers'
>

export type PoolUsage = {
  /** May be larger than a number can hold exactly: an IPv6 network. */
  total: bigint
  leased: number
}

export type PoolImport = {
  added: bigint
  /** Were in the pool before. */
  known: bigint
  /** Cannot be handed out: network, broadcast, gateway. */
  unusable: bigint
  /** Were left out by a person, and stay so. */
  excluded: bigint
  /** Held by instances through other pools of the same cluster. */
  leasedElsewhere: { address: string; pool: string }[]
  leasedElsewhereCount: number
}

/** The card has an address of that family: somebody was quicker. */
export class AlreadyLeased extends Error {
  override name = 'AlreadyLeased'
}

/** The range changed between choosing an address and taking it. */
class RangeChanged extends Error {
  override name = 'RangeChanged'
}

const PAGE_SIZE = 50
const BY_CLUSTER: KeysetOrder<AddressPool> = {
  columns: ['cluster_id', 'name', 'id'],
  descending: false,
  keyOf: ({ clusterId, name, id }) => [clusterId, name, id],
}

/** A network of a cluster, and the parts of it that Portico may lease to instances. */
export default class AddressPool extends AddressPoolSchema {
  @belongsTo(() => Cluster)
  declare cluster: BelongsTo<typeof Cluster>

  @hasMany(() => AddressRange)
  declare ranges: HasMany<typeof AddressRange>

  /**
   * Those from which new instances get their addresses, in the order in which they are asked; `clusterIds` null: of all
   * clusters.
   */
  static forNew(
    clusterIds: number[] | null,
    client?: TransactionClientContract
  ): ModelQueryBuilderContract<typeof AddressPool> {
    return AddressPool.query({ client })
      .if(clusterIds, (pools) => pools.whereIn('address_pools.cluster_id', clusterIds!))
      .whereNull('closed_at')
      .whereNotExists((networks) =>
        networks
          .from('networks')
          .whereColumn('networks.cluster_id', 'address_pools.cluster_id')
          .whereColumn('networks.name', 'address_pools.network')
          .whereIn('networks.purpose', ['further', 'none'])
      )
      .orderBy('address_pools.id')
  }

  /** Of one cluster or of all, with their clusters. */
  static list(cluster: Cluster | null, cursor: Cursor): Promise<KeysetPage<AddressPool>> {
    const query = AddressPool.query().preload('cluster')
    if (cluster) query.where('cluster_id', cluster.id)
    return keysetPage(query, BY_CLUSTER, cursor, PAGE_SIZE, (narrowed) => narrowed)
  }

  /** With its cluster. @throws when there is none */
  static presentAs(uid: string): Promise<AddressPool> {
    return AddressPool.query().where('uid', uid).preload('cluster').firstOrFail()
  }

  @beforeCreate()
  static assignUid(pool: AddressPool) {
    pool.uid ??= newUid('l')
  }

  /** A pool with its ranges. */
  static async define(
    cluster: Cluster,
    facts: PoolFacts,
    addresses: PoolAddresses
  ): Promise<AddressPool> {
    const pool = new AddressPool()
    const { family } = parseCidr(facts.cidr)!
    await db.transaction(async (trx) => {
      const exclusions = exclusionsText(addresses, family)
      const row = { clusterId: cluster.id, family, ...facts, exclusions }
      await recordedChange<AddressPool>(pool, 'address_pool.added', row, trx)
      await pool.replaceRanges([], pool.leasable(addresses), trx)
    })
    return pool
  }

  get prefixLength(): number {
    return this.parsedCidr.prefixLength
  }

  get nameserverList(): string[] {
    return (this.nameservers ?? '').split(/[\s,]+/).filter((entry) => entry !== '')
  }

  get isOpen(): boolean {
    return this.closedAt === null
  }

  /**
   * Leases a free address to the instance, for the card it was made with or a further one. Who comes first is decided
   * by the unique key of `addresses`; two who lease for the same card come after each other, and the second is told.
   * @throws NoFreeAddress, AlreadyLeased
   */
  async lease(instance: Instance, interfaceId: number | null = null): Promise<Address> {
    let ranges = await this.rangesInOrder()
    for (let attempt = 0; attempt < LEASE_TRIES; attempt++) {
      const key = await chooseAddress(ranges, this.taken)
      if (!key) break
      try {
        return await db.transaction((trx) => this.claim(key, { instance, interfaceId }, trx))
      } catch (error) {
        if (error instanceof RangeChanged) ranges = await this.rangesInOrder()
        else if (!isUniqueViolation(error) && !isDeadlock(error)) throw error
      }
    }
    throw new NoFreeAddress({ pool: this.name })
  }

  private async claim(
    key: AddressKey,
    { instance, interfaceId }: { instance: Instance; interfaceId: number | null },
    trx: TransactionClientContract
  ): Promise<Address> {
    const leases = await trx
      .from('instances')
      .leftJoin('addresses', 'addresses.instance_id', 'instances.id')
      .where('instances.id', instance.id)
      .forUpdate()
      .select('addresses.family', 'addresses.interface_id')
    if (
      leases.some((lease) => lease.family === this.family && lease.interface_id === interfaceId)
    ) {
      throw new AlreadyLeased()
    }
    const address = await Address.create(
      {
        organizationId: instance.organizationId,
        instanceId: instance.id,
        interfaceId,
        clusterId: this.clusterId,
        addressPoolId: this.id,
        family: this.family,
        address: formatAddress(key, this.family),
        addressKey: key,
        assignedAt: null,
      },
      { client: trx }
    )
    // The insert waits for whoever redefines the pool; only now the ranges are certain.
    const range = await trx
      .from('address_ranges')
      .where('address_pool_id', this.id)
      .where('first_key', '<=', key)
      .where('last_key', '>=', key)
      .select('id')
      .first()
    if (!range) throw new RangeChanged()
    return address
  }

  /** Of the whole cluster: pools may overlap, addresses may not. */
  private get taken(): TakenAddresses {
    const { id, clusterId } = this
    return {
      async among(keys) {
        const rows = await db
          .from('addresses')
          .where('cluster_id', clusterId)
          .whereIn('address_key', keys)
          .select('address_key')
        return new Set(rows.map((row) => row.address_key as AddressKey))
      },
      async count(first, last) {
        const row = await db
          .from('address_ranges as ranges')
          .join('addresses', (join) =>
            join
              .on('addresses.address_key', '>=', 'ranges.first_key')
              .andOn('addresses.address_key', '<=', 'ranges.last_key')
          )
          .where('ranges.address_pool_id', id)
          .where('ranges.first_key', '<=', last)
          .where('ranges.last_key', '>=', first)
          .where('addresses.cluster_id', clusterId)
          .whereBetween('addresses.address_key', [first, last])
          .count('* as total')
          .firstOrFail()
        return Number(row.total)
      },
    }
  }

  /**
   * Gives it other facts and other addresses.
   * @throws LeasesOutside when an address that is leased would not belong to it any more
   */
  async redefine(facts: PoolFacts, addresses: PoolAddresses): Promise<void> {
    await db.transaction(async (trx) => {
      await this.lock(trx)
      const before = await this.rangesInOrder(trx)
      const exclusions = exclusionsText(addresses, this.family)
      await recordedChange<AddressPool>(this, 'address_pool.changed', { ...facts, exclusions }, trx)
      const after = this.leasable(addresses)
      await this.replaceRanges(before, after, trx)
      await this.refuseLeasesOutside(trx)
    })
  }

  /** Adds pasted addresses to those it has, but for those that were left out of it. */
  async addAddresses(pasted: Range[]): Promise<PoolImport> {
    return db.transaction(async (trx) => {
      await this.lock(trx)
      const known = await this.rangesInOrder(trx)
      const inside = leasableRanges(pasted, this.parsedCidr, this.gatewayKey)
      const usable = subtractRanges(inside, this.excluded)
      const fresh = subtractRanges(usable, known)
      await this.replaceRanges(known, mergeRanges([...known, ...fresh]), trx)
      const elsewhere = await this.leasedElsewhere(trx)
      return {
        added: sizeOf(fresh),
        known: sizeOf(usable) - sizeOf(fresh),
        unusable: sizeOf(pasted) - sizeOf(inside),
        excluded: sizeOf(inside) - sizeOf(usable),
        leasedElsewhere: elsewhere.slice(0, NAMED_LEASES),
        leasedElsewhereCount: elsewhere.length,
      }
    })
  }

  /** @throws PoolInUse while an address of it is leased */
  async remove(): Promise<void> {
    await db.transaction(async (trx) => {
      await this.lock(trx)
      const leased = await trx
        .from('addresses')
        .where('address_pool_id', this.id)
        .count('* as total')
        .firstOrFail()
      if (Number(leased.total) > 0) throw new PoolInUse({ leased: Number(leased.total) })
      const { name, cidr, network } = this
      await recordedRemoval(this, 'address_pool.deleted', { name, cidr, network }, trx)
    })
  }

  /** Nothing new is leased from it; what is leased stays so. */
  async close(): Promise<void> {
    if (!this.isOpen) return
    await recordedChange<AddressPool>(this, 'address_pool.closed', { closedAt: DateTime.utc() })
  }

  open(): Promise<void> {
    return recordedChange<AddressPool>(this, 'address_pool.opened', { closedAt: null })
  }

  get auditSubject(): AuditSubject {
    return { kind: 'address_pool', uid: this.uid, label: this.name }
  }

  async rangesInOrder(client?: TransactionClientContract): Promise<Range[]> {
    return (client ?? db)
      .from('address_ranges')
      .where('address_pool_id', this.id)
      .orderBy('first_key')
      .select('first_key as firstKey', 'last_key as lastKey')
  }

  /** How full these pools are, in two statements however many they are. */
  static async usageOf(pools: Pick<AddressPool, 'id'>[]): Promise<Map<number, PoolUsage>> {
    const ids = pools.map(({ id }) => id)
    const [ranges, leases] = await Promise.all([
      db
        .from('address_ranges')
        .whereIn('address_pool_id', ids)
        .select('address_pool_id', 'first_key as firstKey', 'last_key as lastKey'),
      db
        .from('addresses')
        .whereIn('address_pool_id', ids)
        .groupBy('address_pool_id')
        .select('address_pool_id')
        .count('* as total'),
    ])
    const usage = new Map<number, PoolUsage>(ids.map((id) => [id, { total: 0n, leased: 0 }]))
    for (const range of ranges) usage.get(range.address_pool_id)!.total += sizeOf([range])
    for (const row of leases) usage.get(row.address_pool_id)!.leased = Number(row.total)
    return usage
  }

  /** How many IPv4 addresses there still are for new instances, by cluster; IPv6 is never short of them. */
  static async freeByCluster(): Promise<Map<number, number>> {
    const pools = await AddressPool.forNew(null).where('family', 4)
    const usage = await AddressPool.usageOf(pools)
    const free = new Map<number, number>()
    for (const { id, clusterId } of pools) {
      const { total, leased } = usage.get(id)!
      free.set(clusterId, (free.get(clusterId) ?? 0) + Math.max(0, Number(total) - leased))
    }
    return free
  }

  private leasable({ included, excluded }: PoolAddresses): Range[] {
    const cidr = this.parsedCidr
    const wanted = included.length > 0 ? included : [usableRange(cidr)]
    return leasableRanges(subtractRanges(wanted, excluded), cidr, this.gatewayKey)
  }

  private get excluded(): Range[] {
    return parseList(this.exclusions ?? '', this.parsedCidr).ranges
  }

  private get parsedCidr(): Cidr {
    return parseCidr(this.cidr)!
  }

  private get gatewayKey(): AddressKey | null {
    return this.gateway === null ? null : parseAddress(this.gateway)!.key
  }

  /** Leases insert a row that points here, so they wait until the transaction ends. */
  private lock(trx: TransactionClientContract) {
    return trx.from('address_pools').where('id', this.id).forUpdate().select('id').firstOrFail()
  }

  private async replaceRanges(
    before: Range[],
    after: Range[],
    trx: TransactionClientContract
  ): Promise<void> {
    await trx.from('address_ranges').where('address_pool_id', this.id).delete()
    await this.storeRanges(after, trx)
    const facts = (ranges: Range[]) => ({ addresses: formatRanges(ranges, this.family) })
    if (facts(before).addresses === facts(after).addresses) return
    await AuditEvent.record(
      {
        action: 'address_pool.addresses_changed',
        organizationId: null,
        subject: this.auditSubject,
        before: facts(before),
        after: facts(after),
      },
      trx
    )
  }

  private async storeRanges(ranges: Range[], trx: TransactionClientContract): Promise<void> {
    const rows = ranges.map(({ firstKey, lastKey }) => ({
      address_pool_id: this.id,
      first_key: firstKey,
      last_key: lastKey,
    }))
    for (let start = 0; start < rows.length; start += INSERT_CHUNK) {
      await trx.table('address_ranges').multiInsert(rows.slice(start, start + INSERT_CHUNK))
    }
  }

  private async refuseLeasesOutside(trx: TransactionClientContract): Promise<void> {
    const outside = () =>
      trx
        .from('addresses')
        .where('addresses.address_pool_id', this.id)
        .whereNotExists((ranges) =>
          ranges
            .from('address_ranges')
            .whereColumn('address_ranges.address_pool_id', 'addresses.address_pool_id')
            .whereColumn('address_ranges.first_key', '<=', 'addresses.address_key')
            .whereColumn('address_ranges.last_key', '>=', 'addresses.address_key')
        )
    const { total } = await outside().count('* as total').firstOrFail()
    if (Number(total) === 0) return
    const named = await outside().orderBy('address_key').limit(NAMED_LEASES).select('address')
    throw new LeasesOutside({
      leased: Number(total),
      addresses: named.map(({ address }) => address).join(', '),
    })
  }

  private async leasedElsewhere(trx: TransactionClientContract) {
    const rows = await trx
      .from('address_ranges as ranges')
      .join('addresses', (join) =>
        join
          .on('addresses.address_key', '>=', 'ranges.first_key')
          .andOn('addresses.address_key', '<=', 'ranges.last_key')
      )
      .join('address_pools as pools', 'pools.id', 'addresses.address_pool_id')
      .where('ranges.address_pool_id', this.id)
      .where('addresses.cluster_id', this.clusterId)
      .whereNot('addresses.address_pool_id', this.id)
      .orderBy('addresses.address_key')
      .select('addresses.address', 'pools.name as pool')
    return rows as { address: string; pool: string }[]
  }
}

function exclusionsText({ excluded }: PoolAddresses, family: 4 | 6): string | null {
  return formatRanges(mergeRanges(excluded), family) || null
}
