import { DateTime } from 'luxon'
import db from '@adonisjs/lucid/services/db'
import logger from '@adonisjs/core/services/logger'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { InspectedGuest } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import Cluster from '#models/cluster'
import { ConsoleAccounts } from '#models/console_accounts'
import {
  differencesOf,
  isSameDifference,
  unknownGuest,
  type Difference,
  type ExpectedCard,
} from '#models/drift_comparison'
import { reconcileCluster } from '#models/forward_reconciler'
import Instance from '#models/instance'
import { parsedJson } from '#models/concerns/columns'
import { isDeadlock } from '#models/concerns/database_errors'
import { affected, chunked, sqlTime } from '#models/concerns/sql'
import { newUid } from '#models/concerns/uid'
import { within } from '#models/concerns/within'
import type { DriftFacts, DriftKind, OperationErrorKind } from '#models/types'

const READ_MS = 120_000
/** While this lasts no other round of the cluster begins; longer than reading and writing can take. */
const CLAIM_MS = 240_000
/** Clusters that are compared at once. */
const ROUNDS_AT_ONCE = 4
const WRITE_TRIES = 3

export type DriftResult =
  | { outcome: 'compared'; guests: number; findings: number; restored: number; removed: number }
  | { outcome: 'failed'; errorKind: OperationErrorKind }
  /** Another one runs, or the cluster cannot be inspected. */
  | { outcome: 'skipped' }

type KnownFinding = {
  id: number
  kind: DriftKind
  subject: string
  instance_id: number | null
  facts: string | DriftFacts
  forgotten_at: unknown
}

/** A card with one of its addresses. */
type CardRow = {
  id: number
  instance_id: number
  name: string
  network: string
  mac_address: string
  address: string | null
}

type Reading = { readAt: DateTime; guests: InspectedGuest[] }

/** Instances on which something goes on, or went on while the cluster was read: nothing is said of them. */
type Unsettled = { ids: Set<number>; uids: Set<string>; refs: Set<string> }

/**
 * Holds one cluster against the rows: reads all guests in one call, and writes with few statements what differs.
 * It changes nothing there but port forwards and accounts of consoles, which are put right by themselves; all else a
 * person decides.
 */
export class DriftRound {
  private readonly beganAt = Date.now()
  private readonly claimedUntil = Date.now() + CLAIM_MS

  constructor(private readonly cluster: Cluster) {}

  /** Every cluster that answers, each at its own pace. */
  static async runAll(): Promise<DriftResult[]> {
    const present = await Cluster.present().where('status', 'online').orderBy('id')
    const waiting = present.filter(({ isReady }) => isReady)
    const results: DriftResult[] = []
    const workers = Array.from({ length: ROUNDS_AT_ONCE }, async () => {
      for (let cluster = waiting.shift(); cluster; cluster = waiting.shift()) {
        results.push(await new DriftRound(cluster).run())
      }
    })
    const ended = await Promise.allSettled(workers)
    const broken = ended.find((end) => end.status === 'rejected')
    if (broken) throw broken.reason
    return results
  }

  async run(): Promise<DriftResult> {
    if (!(await this.claim())) return { outcome: 'skipped' }
    try {
      const forwards = await reconcileCluster(this.cluster)
      await new ConsoleAccounts(this.cluster).tidy()
      const reading = await this.read()
      if (!reading) {
        await this.release({ error_kind: 'unsupported' })
        return { outcome: 'skipped' }
      }
      const findings = await this.writeTried(reading)
      const { restored, removed } =
        forwards?.outcome === 'compared' ? forwards : { restored: 0, removed: 0 }
      const guests = reading.guests.length
      await this.release({
        compared_at: sqlTime(reading.readAt),
        guests,
        took_ms: Date.now() - this.beganAt,
        forwards_restored: restored,
        forwards_removed: removed,
        error_kind: null,
      })
      return { outcome: 'compared', guests, findings, restored, removed }
    } catch (error) {
      const errorKind = error instanceof DriverError ? error.kind : 'unexpected'
      await this.release({ error_kind: errorKind })
      if (errorKind === 'unexpected') throw error
      logger.warn({ cluster: this.cluster.uid, err: error }, 'a cluster was not compared')
      return { outcome: 'failed', errorKind }
    }
  }

  private async claim(): Promise<boolean> {
    await db
      .insertQuery()
      .table('drift_rounds')
      .insert({ cluster_id: this.cluster.id })
      .onConflict('cluster_id')
      .ignore()
    const claimed = await db
      .from('drift_rounds')
      .where('cluster_id', this.cluster.id)
      .where((free) => free.whereNull('claimed_until').orWhere('claimed_until', '<', Date.now()))
      .update({ claimed_until: this.claimedUntil })
    return affected(claimed) > 0
  }

  private release(changes: Record<string, unknown>): Promise<unknown> {
    return db
      .from('drift_rounds')
      .where({ cluster_id: this.cluster.id, claimed_until: this.claimedUntil })
      .update({ ...changes, claimed_until: null })
      .exec()
  }

  /** null: its driver cannot tell. */
  private async read(): Promise<Reading | null> {
    const driver = await this.cluster.openDriver()
    try {
      if (!driver.inspect) return null
      const readAt = DateTime.utc()
      return { readAt, guests: await within(READ_MS, driver.inspect.guests()) }
    } finally {
      await driver.close().catch((error) => logger.warn({ err: error }, 'closing a driver'))
    }
  }

  private async writeTried(reading: Reading): Promise<number> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await db.transaction((trx) => this.write(reading, trx))
      } catch (error) {
        if (!isDeadlock(error) || attempt === WRITE_TRIES) throw error
      }
    }
  }

  private async write(reading: Reading, trx: TransactionClientContract): Promise<number> {
    const unsettled = await this.unsettled(reading.readAt, trx)
    const differences = [
      ...(await this.ofInstances(reading, unsettled, trx)),
      ...(await this.ofForwards(unsettled, trx)),
    ]
    await this.store(differences, unsettled, reading.readAt, trx)
    return differences.length
  }

  /** Moments are kept in whole seconds: what ended within this second may have ended after the reading began. */
  private async unsettled(readAt: DateTime, trx: TransactionClientContract): Promise<Unsettled> {
    const since = sqlTime(readAt.startOf('second'))
    const rows = await trx
      .from('operations')
      .join('instances', 'instances.id', 'operations.instance_id')
      .where('operations.cluster_id', this.cluster.id)
      .where((going) =>
        going.whereNotNull('operations.open_on').orWhere('operations.ended_at', '>=', since)
      )
      .select('instances.id', 'instances.uid', 'instances.ref')
    return {
      ids: new Set(rows.map(({ id }) => id)),
      uids: new Set(rows.map(({ uid }) => uid)),
      refs: new Set(rows.map(({ ref }) => ref)),
    }
  }

  private async ofInstances(
    { guests }: Reading,
    unsettled: Unsettled,
    trx: TransactionClientContract
  ): Promise<Difference[]> {
    const instances = await Instance.query({ client: trx })
      .where('cluster_id', this.cluster.id)
      .whereNotNull('provisioned_at')
      .whereNull('deleted_at')
    const addresses = await this.addresses(trx)
    const cards = await this.cards(trx)
    const suspended = await this.suspended(trx)
    const byRef = new Map(guests.map((guest) => [guest.ref, guest]))
    const ours = new Set<string>()
    const differences: Difference[] = []
    for (const instance of instances) {
      const guest = byRef.get(instance.ref)
      // The same name with another stamp is somebody else's: ours is gone.
      const own = guest?.stamp === instance.uid ? guest : null
      if (own) ours.add(own.ref)
      if (unsettled.ids.has(instance.id)) continue
      differences.push(
        ...differencesOf(
          {
            id: instance.id,
            uid: instance.uid,
            name: instance.name,
            ref: instance.ref,
            size: instance.size,
            wantedPower: instance.wantedPower,
            isSuspended: suspended.has(instance.id),
            addresses: addresses.get(instance.id) ?? [],
            cards: cards.get(instance.id) ?? [],
          },
          own
        )
      )
    }
    const left = guests
      .filter(({ ref }) => !ours.has(ref) && !unsettled.refs.has(ref))
      .filter(({ stamp }) => stamp === null || !unsettled.uids.has(stamp))
    return [...differences, ...left.map(unknownGuest)]
  }

  private async addresses(trx: TransactionClientContract): Promise<Map<number, string[]>> {
    const rows: { instance_id: number; address: string }[] = await trx
      .from('addresses')
      .where('cluster_id', this.cluster.id)
      .whereNull('interface_id')
      .orderBy('address_key')
      .select('instance_id', 'address')
    const byInstance = Map.groupBy(rows, (row) => row.instance_id)
    return new Map([...byInstance].map(([id, held]) => [id, held.map(({ address }) => address)]))
  }

  /** Those that the cluster has been given. */
  private async cards(trx: TransactionClientContract): Promise<Map<number, ExpectedCard[]>> {
    const rows: CardRow[] = await trx
      .from('interfaces')
      .join('networks', 'networks.id', 'interfaces.network_id')
      .leftJoin('addresses', 'addresses.interface_id', 'interfaces.id')
      .where('networks.cluster_id', this.cluster.id)
      .whereNotNull('interfaces.attached_at')
      .orderBy('interfaces.name')
      .orderBy('addresses.address_key')
      .select('interfaces.id', 'interfaces.instance_id', 'interfaces.name')
      .select('interfaces.mac_address', 'networks.name as network', 'addresses.address')
    const cards = Map.groupBy(rows, ({ id }) => id)
    const byInstance = Map.groupBy(cards.values(), ([row]) => row!.instance_id)
    return new Map([...byInstance].map(([id, held]) => [id, held.map(cardOf)]))
  }

  private async suspended(trx: TransactionClientContract): Promise<Set<number>> {
    const rows = await trx
      .from('suspensions')
      .join('instances', 'instances.id', 'suspensions.instance_id')
      .where('instances.cluster_id', this.cluster.id)
      .whereNotNull('suspensions.open_on')
      .select('suspensions.instance_id')
    return new Set(rows.map((row) => row.instance_id))
  }

  /** Those that could not be put right by themselves. */
  private async ofForwards(
    unsettled: Unsettled,
    trx: TransactionClientContract
  ): Promise<Difference[]> {
    const rows = await trx
      .from('port_forwards')
      .join('instances', 'instances.id', 'port_forwards.instance_id')
      .where('port_forwards.cluster_id', this.cluster.id)
      .whereNotNull('port_forwards.missing_since')
      .whereNotNull('port_forwards.applied_at')
      .select('port_forwards.uid', 'protocol', 'address', 'first_port', 'last_port')
      .select('instances.id as instance_id', 'instances.name')
    return rows
      .filter((row) => !unsettled.ids.has(row.instance_id))
      .map((row) => {
        const ports =
          row.first_port === row.last_port ? row.first_port : `${row.first_port}-${row.last_port}`
        const host = row.address.includes(':') ? `[${row.address}]` : row.address
        return {
          kind: 'forwards' as const,
          subject: row.uid,
          instanceId: row.instance_id,
          name: row.name,
          facts: { wanted: { forward: `${row.protocol} ${host}:${ports}` }, found: null },
        }
      })
  }

  /** What is seen anew is added, what is seen again is renewed, what is seen no more goes. */
  private async store(
    differences: Difference[],
    unsettled: Unsettled,
    readAt: DateTime,
    trx: TransactionClientContract
  ): Promise<void> {
    const known: KnownFinding[] = await trx
      .from('drift_findings')
      .where('cluster_id', this.cluster.id)
      .select('id', 'kind', 'subject', 'instance_id', 'facts', 'forgotten_at')
    const byKey = new Map(known.map((finding) => [keyOf(finding), finding]))
    const now = sqlTime(readAt)
    const rows = differences.map((difference) => ({
      uid: newUid('d'),
      cluster_id: this.cluster.id,
      kind: difference.kind,
      subject: difference.subject,
      instance_id: difference.instanceId,
      name: difference.name.slice(0, 120),
      facts: JSON.stringify(difference.facts),
      first_seen_at: now,
      last_seen_at: now,
    }))
    for (const chunk of chunked(rows)) {
      await trx
        .insertQuery()
        .table('drift_findings')
        .insert(chunk)
        .onConflict(['cluster_id', 'kind', 'subject'])
        .merge(['instance_id', 'name', 'facts', 'last_seen_at'])
    }
    const seen = new Set(differences.map(keyOf))
    const changed = differences.flatMap((difference) => {
      const before = byKey.get(keyOf(difference))
      if (!before?.forgotten_at) return []
      const facts = parsedJson<DriftFacts>(before.facts)
      return isSameDifference({ kind: before.kind, facts }, difference) ? [] : [before.id]
    })
    for (const ids of chunked(changed)) {
      await trx
        .from('drift_findings')
        .whereIn('id', ids)
        .update({ forgotten_at: null, forgotten_by_id: null, first_seen_at: now })
    }
    const gone = known
      .filter((finding) => !seen.has(keyOf(finding)))
      .filter(({ instance_id: id, subject }) =>
        id === null ? !unsettled.refs.has(subject) : !unsettled.ids.has(id)
      )
    for (const chunk of chunked(gone)) {
      await trx
        .from('drift_findings')
        .whereIn(
          'id',
          chunk.map(({ id }) => id)
        )
        .delete()
    }
  }
}

function cardOf(rows: CardRow[]): ExpectedCard {
  const { name, network, mac_address: macAddress } = rows[0]!
  return { name, network, macAddress, addresses: rows.flatMap(({ address }) => address ?? []) }
}

const keyOf = ({ kind, subject }: { kind: DriftKind; subject: string }) => `${kind} ${subject}`
