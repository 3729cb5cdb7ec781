import { DateTime } from 'luxon'
import db from '@adonisjs/lucid/services/db'
import logger from '@adonisjs/core/services/logger'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type {
  ClusterConnection,
  ClusterFacts,
  ComputeDriver,
  RemoteImage,
  RemoteNetwork,
  RemoteNode,
  RemoteStoragePool,
} from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { driverFor } from '#drivers/registry'
import type Cluster from '#models/cluster'
import { affected, chunked, sqlTime } from '#models/concerns/sql'
import { isDeadlock } from '#models/concerns/database_errors'
import { newUid } from '#models/concerns/uid'
import { within } from '#models/concerns/within'
import type { OperationErrorKind, PowerStateSeen } from '#models/types'
import { announceInstances, type InstanceAnnouncement } from '#services/progress'

/** Longest time for the first question to a cluster, and for all others. A silent one is given up long before. */
const READ_MS = 45_000
/** While this lasts no other sync of the cluster begins; longer than the reads and the writing can take. */
const CLAIM_MS = 120_000
const WRITE_TRIES = 3

export type SyncResult =
  | { outcome: 'synced'; changedInstances: number }
  | { outcome: 'failed'; errorKind: OperationErrorKind; error: string }
  /** Another one runs, or took over. */
  | { outcome: 'skipped' }

type SeenInstance = { stamp: string | null; node: string | null; power: PowerStateSeen }

/** All that a cluster says of itself, read before anything is written. */
type Inventory = {
  /** When the reading began: what is known of an instance since then is newer. */
  readAt: DateTime
  facts: ClusterFacts
  nodes: RemoteNode[]
  images: RemoteImage[]
  storagePools: RemoteStoragePool[]
  networks: RemoteNetwork[]
  instances: Map<string, SeenInstance>
}

/**
 * Brings what is known of one cluster up to date: reads it within a time limit, then writes in one
 * transaction and with few statements however many instances there are. What is not found is marked, not
 * forgotten. Of two that run at once one gives way.
 */
export class ClusterSync {
  private readonly claimedUntil = Date.now() + CLAIM_MS
  private readonly now = DateTime.utc()

  constructor(
    private readonly cluster: Cluster,
    private readonly readMs = READ_MS
  ) {}

  async run(): Promise<SyncResult> {
    if (!(await this.claim())) return { outcome: 'skipped' }
    let inventory: Inventory
    try {
      inventory = await this.read()
    } catch (error) {
      return this.markFailed(error)
    }
    const changes = await this.writeOrRelease(inventory)
    if (!changes) return { outcome: 'skipped' }
    await announceInstances(changes)
    return { outcome: 'synced', changedInstances: changes.length }
  }

  private async claim(): Promise<boolean> {
    const claimed = await db
      .from('clusters')
      .where('id', this.cluster.id)
      .whereNull('removed_at')
      .where((free) => free.whereNull('syncing_until').orWhere('syncing_until', '<', Date.now()))
      .update({ syncing_until: this.claimedUntil })
    return affected(claimed) > 0
  }

  private async read(): Promise<Inventory> {
    const readAt = DateTime.utc()
    // Alone and first: a cluster that is silent or refuses us is asked one thing only. And a driver that does not
    // know yet that it speaks to several nodes would tell one.
    const facts = await this.with(this.cluster.connection(), (driver) => driver.probe())
    const parts = await this.with({ ...this.cluster.connection(), facts }, readParts)
    return { readAt, facts, ...parts }
  }

  private async with<Result>(
    connection: ClusterConnection,
    ask: (driver: ComputeDriver) => Promise<Result>
  ): Promise<Result> {
    const driver = await driverFor(connection)
    try {
      return await within(this.readMs, ask(driver))
    } finally {
      await driver.close().catch((error) => logger.warn({ err: error }, 'closing a driver'))
    }
  }

  /** A database that fails says nothing about the cluster: its state stays, the next sync may begin. */
  private async writeOrRelease(inventory: Inventory): Promise<InstanceAnnouncement[] | null> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await db.transaction((trx) => this.write(inventory, trx))
      } catch (error) {
        if (isDeadlock(error) && attempt < WRITE_TRIES) continue
        await this.release(db, {})
        throw error
      }
    }
  }

  /** @returns null when the claim was lost meanwhile: then another sync knows better */
  private async write(
    inventory: Inventory,
    trx: TransactionClientContract
  ): Promise<InstanceAnnouncement[] | null> {
    const now = sqlTime(this.now)
    const held = await this.release(trx, {
      status: 'online',
      facts: JSON.stringify(inventory.facts),
      error_kind: null,
      error: null,
      offline_since: null,
      last_seen_at: now,
      synced_at: now,
      updated_at: now,
    })
    if (!held) return null
    await this.storeNodes(inventory.nodes, trx)
    await this.storeStoragePools(inventory.storagePools, trx)
    await this.storeNetworks(inventory.networks, trx)
    await this.storeImages(inventory.images, trx)
    return this.storeInstances(inventory, trx)
  }

  private async markFailed(error: unknown): Promise<SyncResult> {
    const result = failure(error)
    const now = sqlTime(this.now)
    const held = await this.release(db, {
      status: 'offline',
      error_kind: result.errorKind,
      error: result.error,
      offline_since: db.raw('coalesce(offline_since, ?)', [now]),
      updated_at: now,
    })
    const level = result.errorKind === 'unexpected' ? 'error' : 'warn'
    logger[level]({ cluster: this.cluster.uid, kind: result.errorKind, err: error }, 'sync failed')
    return held ? result : { outcome: 'skipped' }
  }

  /** Writes to the cluster's row and gives the claim back, if it is still ours. */
  private async release(
    client: TransactionClientContract | typeof db,
    changes: Record<string, unknown>
  ): Promise<boolean> {
    const released = await client
      .from('clusters')
      .where({ id: this.cluster.id, syncing_until: this.claimedUntil })
      .update({ ...changes, syncing_until: null })
    return affected(released) > 0
  }

  private async storeNodes(nodes: RemoteNode[], trx: TransactionClientContract): Promise<void> {
    const rows = nodes.map((node) => ({
      uid: newUid('n'),
      ref: node.ref,
      name: node.name,
      online: node.online,
      cpus: node.cpus,
      memory_mib: node.memoryMib,
      memory_used_mib: node.memoryUsedMib,
      disk_gib: node.diskGib,
      disk_used_gib: node.diskUsedGib,
    }))
    await this.store('nodes', 'ref', rows, trx)
    await trx
      .from('nodes')
      .where('cluster_id', this.cluster.id)
      .whereNotNull('missing_since')
      .update({ online: false })
  }

  /** A cluster of several nodes names a pool once for each; a person thinks of one. */
  private async storeStoragePools(pools: RemoteStoragePool[], trx: TransactionClientContract) {
    const byName = new Map<string, { type: string; total_gib: number; used_gib: number }>()
    for (const { name, type, totalGib, usedGib } of pools) {
      const known = byName.get(name) ?? { type, total_gib: 0, used_gib: 0 }
      known.total_gib += totalGib
      known.used_gib += usedGib
      byName.set(name, known)
    }
    const rows = [...byName].map(([name, facts]) => ({ name, ...facts }))
    await this.store('storage_pools', 'name', rows, trx)
  }

  private async storeNetworks(networks: RemoteNetwork[], trx: TransactionClientContract) {
    const rows = networks.map(({ name, type, managed, ipv4, ipv6 }) => ({
      name,
      type,
      managed,
      ipv4,
      ipv6,
    }))
    await this.store('networks', 'name', rows, trx)
  }

  private async storeImages(images: RemoteImage[], trx: TransactionClientContract): Promise<void> {
    const now = sqlTime(this.now)
    const rows = images.map((image) => ({
      uid: newUid('g'),
      ref: image.ref,
      name: image.name,
      os: image.os,
      release: image.release,
      architecture: image.architecture,
      kind: image.kind,
      size_mib: image.sizeMib,
      created_at: now,
      updated_at: now,
    }))
    await this.store('images', 'ref', rows, trx)
    await this.handOnOffers(trx)
  }

  /**
   * An image that was built anew has another ref under the same name. It takes over the offer and the title
   * of the one that went away, or customers could no longer choose it after every update of the image.
   */
  private async handOnOffers(trx: TransactionClientContract): Promise<void> {
    const gone = await trx
      .from('images')
      .where('cluster_id', this.cluster.id)
      .whereNotNull('missing_since')
      .whereNotNull('offered_at')
      .select('id', 'name', 'kind', 'title', 'offered_at')
    for (const { id, name, kind, title, offered_at: offeredAt } of gone) {
      const successors = await trx
        .from('images')
        .where({ cluster_id: this.cluster.id, name, kind })
        .whereNull('missing_since')
        .whereNull('offered_at')
        .limit(2)
        .select('id', 'title')
      if (successors.length !== 1) continue
      const [successor] = successors
      await trx
        .from('images')
        .where('id', successor.id)
        .update({ offered_at: offeredAt, title: successor.title ?? title })
      await trx.from('images').where('id', id).update({ offered_at: null })
    }
  }

  /**
   * One insert-or-update for all rows of a kind, one statement for those that were not found any more.
   * `key` is unique within the cluster; `uid` and `created_at` keep what they first were.
   */
  private async store(
    table: 'nodes' | 'storage_pools' | 'networks' | 'images',
    key: 'ref' | 'name',
    rows: Record<string, unknown>[],
    trx: TransactionClientContract
  ): Promise<void> {
    const now = sqlTime(this.now)
    for (const chunk of chunked(rows)) {
      const complete = chunk.map((row) => ({
        ...row,
        cluster_id: this.cluster.id,
        synced_at: now,
        missing_since: null,
      }))
      const kept = new Set(['uid', 'created_at', 'cluster_id', key])
      await trx
        .insertQuery()
        .table(table)
        .insert(complete)
        .onConflict(['cluster_id', key])
        .merge(Object.keys(complete[0]!).filter((column) => !kept.has(column)))
    }
    const found = new Set(rows.map((row) => row[key]))
    const known = await trx
      .from(table)
      .where('cluster_id', this.cluster.id)
      .whereNull('missing_since')
      .select('id', key)
    const missing = known.filter((row) => !found.has(row[key])).map((row) => row.id as number)
    for (const ids of chunked(missing)) {
      await trx.from(table).whereIn('id', ids).update({ missing_since: now })
    }
  }

  private async storeInstances(
    { instances, readAt }: Inventory,
    trx: TransactionClientContract
  ): Promise<InstanceAnnouncement[]> {
    const nodeIds = await this.nodeIds(trx)
    const rows = await this.settledInstances(readAt, trx)
    const states = new Map<string, SettledInstance[]>()
    const moves = new Map<number, SettledInstance[]>()
    for (const row of rows) {
      const seen = instances.get(row.ref)
      // The same name with another stamp is somebody else's: ours is gone.
      const isThere = seen !== undefined && seen.stamp === row.uid
      const power = isThere ? seen.power : 'unknown'
      if (power !== row.power_state || isThere === (row.missing_since !== null)) {
        collect(states, `${power} ${isThere ? 'there' : 'missing'}`, row)
      }
      const nodeId = isThere && seen.node !== null ? nodeIds.get(seen.node) : undefined
      if (nodeId !== undefined && nodeId !== row.node_id) collect(moves, nodeId, row)
    }
    for (const [nodeId, moved] of moves) {
      await this.updateInstances(moved, readAt, { node_id: nodeId }, trx)
    }
    const changes: InstanceAnnouncement[] = []
    for (const [state, changed] of states) {
      const [power, presence] = state.split(' ') as [PowerStateSeen, 'there' | 'missing']
      await this.updateInstances(changed, readAt, { ...this.seenAs(power, presence) }, trx)
      changes.push(
        ...changed.map((row) => ({
          organizationId: row.organization_id,
          instanceUid: row.uid,
          powerState: power,
          isMissing: presence === 'missing',
        }))
      )
    }
    return changes
  }

  private seenAs(power: PowerStateSeen, presence: 'there' | 'missing') {
    const now = sqlTime(this.now)
    return {
      power_state: power,
      observed_at: now,
      missing_since: presence === 'missing' ? db.raw('coalesce(missing_since, ?)', [now]) : null,
    }
  }

  private async nodeIds(trx: TransactionClientContract): Promise<Map<string, number>> {
    const rows = await trx.from('nodes').where('cluster_id', this.cluster.id).select('id', 'ref')
    return new Map(rows.map(({ id, ref }) => [ref, id]))
  }

  /** Those that no operation is about, and of which nothing newer than this reading is known. */
  private settledInstances(
    readAt: DateTime,
    trx: TransactionClientContract
  ): Promise<SettledInstance[]> {
    return settled(
      trx.from('instances').where('instances.cluster_id', this.cluster.id),
      readAt
    ).select(
      'id',
      'uid',
      'ref',
      'organization_id',
      'node_id',
      'power_state',
      'missing_since'
    ) as unknown as Promise<SettledInstance[]>
  }

  private async updateInstances(
    rows: SettledInstance[],
    readAt: DateTime,
    changes: Record<string, unknown>,
    trx: TransactionClientContract
  ): Promise<void> {
    for (const chunk of chunked(rows)) {
      const ids = chunk.map(({ id }) => id)
      await settled(trx.from('instances').whereIn('instances.id', ids), readAt).update(changes)
    }
  }
}

type SettledInstance = {
  id: number
  uid: string
  ref: string
  organization_id: number
  node_id: number | null
  power_state: PowerStateSeen
  missing_since: unknown
}

type InstancesQuery = ReturnType<TransactionClientContract['from']>

/** Moments are kept in whole seconds: what was seen within this second may be newer, so it is left alone. */
function settled(query: InstancesQuery, readAt: DateTime): InstancesQuery {
  return query
    .whereNotNull('instances.provisioned_at')
    .whereNull('instances.deleted_at')
    .where((seen) =>
      seen
        .whereNull('instances.observed_at')
        .orWhere('instances.observed_at', '<', sqlTime(readAt.startOf('second')))
    )
    .whereNotExists((open) =>
      open
        .from('operations')
        .whereColumn('operations.instance_id', 'instances.id')
        .whereNotNull('operations.open_on')
    )
}

async function readParts(driver: ComputeDriver) {
  const [nodes, images, storagePools, networks, instances] = await Promise.all([
    driver.nodes.list(),
    driver.images.list(),
    driver.infrastructure.storagePools(),
    driver.infrastructure.networks(),
    readInstances(driver),
  ])
  return { nodes, images, storagePools, networks, instances }
}

async function readInstances(driver: ComputeDriver): Promise<Map<string, SeenInstance>> {
  const seen = new Map<string, SeenInstance>()
  for await (const { ref, stamp, node, power } of driver.instances.list()) {
    seen.set(ref, { stamp, node, power })
  }
  return seen
}

function failure(error: unknown): Extract<SyncResult, { outcome: 'failed' }> {
  const errorKind = error instanceof DriverError ? error.kind : 'unexpected'
  return { outcome: 'failed', errorKind, error: (error as Error).message.slice(0, 500) }
}

function collect<Key, Value>(groups: Map<Key, Value[]>, key: Key, value: Value): void {
  const group = groups.get(key)
  if (group) group.push(value)
  else groups.set(key, [value])
}
