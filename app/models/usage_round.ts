import { DateTime } from 'luxon'
import db from '@adonisjs/lucid/services/db'
import logger from '@adonisjs/core/services/logger'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { InstanceUsage } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import Cluster from '#models/cluster'
import { countersOf, spent } from '#models/counters'
import { judgeTraffic, monthOf, type TrafficStanding } from '#models/traffic_month'
import { addSamples, type Sample } from '#models/usage_samples'
import { parsedJson } from '#models/concerns/columns'
import { addedTo, affected, chunked, WIDE_ROWS_AT_ONCE } from '#models/concerns/sql'
import { transaction } from '#models/concerns/transaction'
import { within } from '#models/concerns/within'
import type { Counters, OperationErrorKind, TrafficAction } from '#models/types'

const READ_MS = 40_000
/** While this lasts no other round of the cluster begins; longer than the reading and the writing can take. */
const CLAIM_MS = 90_000
/** Clusters that are read at once. */
const ROUNDS_AT_ONCE = 8
const MIB = 2 ** 20

export type RoundResult =
  | { outcome: 'counted'; instances: number; tookMs: number }
  | { outcome: 'failed'; errorKind: OperationErrorKind }
  /** This minute is counted already, another round runs, or the cluster measures nothing. */
  | { outcome: 'skipped' }

type Reading = { readAtMs: number; usages: InstanceUsage[] }

/** An instance with its meter and its month. */
type MeteredRow = {
  id: number
  uid: string
  ref: string
  organization_id: number
  node_id: number | null
  traffic_gib: number | null
  traffic_action: TrafficAction
  throttle_mbps: number
  throttled_mbps: number | null
  meter_id: number | null
  counters: string | Counters | null
  received_bytes: number | null
  sent_bytes: number | null
  waived_bytes: number | null
  warned_at: unknown
  exceeded_at: unknown
  /** Set while it is suspended for its traffic. */
  suspension_id: number | null
}

type Month = { instance_id: number; month: string; received_bytes: number; sent_bytes: number }
type MeterRow = { id: number; counters: string }

/** What one reading comes to, in rows. */
type Counted = {
  meters: MeterRow[]
  samples: Sample[]
  months: Month[]
  standings: TrafficStanding[]
}

/**
 * Reads what every instance of one cluster has used, in one call, and counts it. The minute, the counters and
 * all that is added up from them are written by one transaction: whenever a process dies, the minute is
 * counted whole or not at all, and what was used since goes into the next.
 */
export class UsageRound {
  private readonly beganAt = Date.now()
  private readonly minute: number
  private readonly claimedUntil: number

  constructor(
    private readonly cluster: Cluster,
    now: DateTime = DateTime.utc()
  ) {
    this.minute = Math.floor(now.toSeconds() / 60) * 60
    this.claimedUntil = this.beganAt + CLAIM_MS
  }

  /** Every cluster that answers, each at its own pace. The sync asks those that do not. */
  static async runAll(): Promise<RoundResult[]> {
    const present = await Cluster.present().where('status', 'online').orderBy('id')
    const waiting = present.filter(({ isReady }) => isReady)
    const results: RoundResult[] = []
    const workers = Array.from({ length: ROUNDS_AT_ONCE }, async () => {
      for (let cluster = waiting.shift(); cluster; cluster = waiting.shift()) {
        results.push(await new UsageRound(cluster).run())
      }
    })
    const ended = await Promise.allSettled(workers)
    const broken = ended.find((end) => end.status === 'rejected')
    if (broken) throw broken.reason
    return results
  }

  /** What the last round of a cluster was; null before the first. */
  static async last(
    cluster: Cluster
  ): Promise<{ at: Date; instances: number; tookMs: number } | null> {
    const row = await db.from('usage_rounds').where('cluster_id', cluster.id).first()
    if (!row || row.minute === null) return null
    return {
      at: new Date(Number(row.minute) * 1_000),
      instances: row.instances,
      tookMs: row.took_ms,
    }
  }

  async run(): Promise<RoundResult> {
    if (!(await this.claim())) return { outcome: 'skipped' }
    let reading: Reading | null
    try {
      reading = await this.read()
    } catch (error) {
      const errorKind = error instanceof DriverError ? error.kind : 'unexpected'
      logger.warn({ cluster: this.cluster.uid, err: error }, 'usage was not read')
      await this.release({ error_kind: errorKind })
      return { outcome: 'failed', errorKind }
    }
    if (!reading) {
      await this.release({ error_kind: 'unsupported' })
      return { outcome: 'skipped' }
    }
    const standings = await this.countOrRelease(reading)
    if (!standings) return { outcome: 'skipped' }
    await judgeTraffic(standings)
    return {
      outcome: 'counted',
      instances: reading.usages.length,
      tookMs: Date.now() - this.beganAt,
    }
  }

  private async claim(): Promise<boolean> {
    await db
      .insertQuery()
      .table('usage_rounds')
      .insert({ cluster_id: this.cluster.id })
      .onConflict('cluster_id')
      .ignore()
    const claimed = await db
      .from('usage_rounds')
      .where('cluster_id', this.cluster.id)
      .where((free) => free.whereNull('claimed_until').orWhere('claimed_until', '<', Date.now()))
      .where((later) => later.whereNull('minute').orWhere('minute', '<', this.minute))
      .update({ claimed_until: this.claimedUntil })
    return affected(claimed) > 0
  }

  /** @returns null when its driver measures nothing */
  private async read(): Promise<Reading | null> {
    const driver = await this.cluster.openDriver()
    try {
      if (!driver.metrics) return null
      const usages = await within(READ_MS, driver.metrics.usage())
      return { readAtMs: Date.now(), usages }
    } finally {
      await driver.close().catch((error) => logger.warn({ err: error }, 'closing a driver'))
    }
  }

  private async countOrRelease(reading: Reading): Promise<TrafficStanding[] | null> {
    try {
      return await transaction((trx) => this.count(reading, trx))
    } catch (error) {
      await this.release({})
      throw error
    }
  }

  /** @returns null when the claim was lost meanwhile: then another round knows better */
  private async count(
    reading: Reading,
    trx: TransactionClientContract
  ): Promise<TrafficStanding[] | null> {
    const held = await this.release(
      {
        minute: this.minute,
        instances: reading.usages.length,
        took_ms: Date.now() - this.beganAt,
        error_kind: null,
      },
      trx
    )
    if (!held) return null
    const month = monthOf(reading.readAtMs, this.cluster.timeZone)
    const rows = await this.meteredRows(month, trx)
    const nodes = await trx.from('nodes').where('cluster_id', this.cluster.id).select('id', 'ref')
    const counted = this.add(reading, rows, month, {
      instance: await this.metersOf('instance_id', withoutMeter(rows), trx),
      node: await this.metersOf('node_id', ids(nodes), trx),
      cluster: await this.metersOf('cluster_id', [this.cluster.id], trx),
      nodeIds: new Map(nodes.map(({ ref, id }) => [ref, id])),
    })
    await this.store(counted, trx)
    return counted.standings
  }

  private async release(
    changes: Record<string, unknown>,
    client: TransactionClientContract | typeof db = db
  ): Promise<boolean> {
    const released = await client
      .from('usage_rounds')
      .where('cluster_id', this.cluster.id)
      .where('claimed_until', this.claimedUntil)
      .update({ ...changes, claimed_until: null })
    return affected(released) > 0
  }

  private meteredRows(month: string, trx: TransactionClientContract): Promise<MeteredRow[]> {
    return trx
      .from('instances')
      .leftJoin('meters', 'meters.instance_id', 'instances.id')
      .leftJoin('traffic_months', (join) =>
        join
          .on('traffic_months.instance_id', 'instances.id')
          .andOnVal('traffic_months.month', month)
      )
      .leftJoin('suspensions', (join) =>
        join
          .on('suspensions.instance_id', 'instances.id')
          .andOnVal('suspensions.reason', 'traffic')
          .andOnNotNull('suspensions.open_on')
      )
      .where('instances.cluster_id', this.cluster.id)
      .whereNotNull('instances.provisioned_at')
      .whereNull('instances.deleted_at')
      .select('instances.id', 'instances.uid', 'instances.ref', 'instances.organization_id')
      .select('instances.node_id', 'instances.traffic_gib', 'instances.traffic_action')
      .select('instances.throttle_mbps', 'instances.throttled_mbps')
      .select('meters.id as meter_id', 'meters.counters')
      .select('traffic_months.received_bytes', 'traffic_months.sent_bytes')
      .select('traffic_months.waived_bytes', 'traffic_months.warned_at')
      .select(
        'traffic_months.exceeded_at',
        'suspensions.id as suspension_id'
      ) as unknown as Promise<MeteredRow[]>
  }

  /** Their meters, made where there were none. */
  private async metersOf(
    column: 'instance_id' | 'node_id' | 'cluster_id',
    subjects: number[],
    trx: TransactionClientContract
  ): Promise<Map<number, number>> {
    const meters = new Map<number, number>()
    for (const chunk of chunked(subjects)) {
      const read = async (wanted: number[]) => {
        const rows = await trx.from('meters').whereIn(column, wanted).select('id', column)
        for (const row of rows) meters.set(row[column], row.id)
      }
      await read(chunk)
      const missing = chunk.filter((subject) => !meters.has(subject))
      if (missing.length === 0) continue
      await trx.table('meters').multiInsert(missing.map((subject) => ({ [column]: subject })))
      await read(missing)
    }
    return meters
  }

  private add(
    { usages, readAtMs }: Reading,
    rows: MeteredRow[],
    month: string,
    meters: {
      instance: Map<number, number>
      node: Map<number, number>
      cluster: Map<number, number>
      nodeIds: Map<string, number>
    }
  ): Counted {
    const byRef = new Map(rows.map((row) => [row.ref, row]))
    const counted: Counted = { meters: [], samples: [], months: [], standings: [] }
    const sums = new Map<number, Sample>()
    for (const usage of usages) {
      const row = byRef.get(usage.ref)
      // The same name with another stamp is somebody else's.
      if (!row || row.uid !== usage.stamp) continue
      const meterId = row.meter_id ?? meters.instance.get(row.id)!
      const counters = countersOf(usage, readAtMs)
      const known = row.counters === null ? null : parsedJson<Counters>(row.counters)
      const used = spent(known, counters)
      const sample = this.sample(meterId, usage, used)
      counted.meters.push({ id: meterId, counters: JSON.stringify(counters) })
      counted.samples.push(sample)
      const nodeId = (usage.node && meters.nodeIds.get(usage.node)) ?? row.node_id
      const above = [meters.cluster.get(this.cluster.id), nodeId && meters.node.get(nodeId)]
      for (const meter of above) if (meter) sumUp(sums, meter, sample)
      if (sample.received_bytes + sample.sent_bytes > 0) {
        counted.months.push({
          instance_id: row.id,
          month,
          received_bytes: sample.received_bytes,
          sent_bytes: sample.sent_bytes,
        })
      }
      counted.standings.push(standing(row, month, sample))
    }
    counted.samples.push(...sums.values())
    return counted
  }

  private sample(
    meterId: number,
    { memoryBytes, diskBytes, cpusInUse }: InstanceUsage,
    used: ReturnType<typeof spent>
  ): Sample {
    return {
      meter_id: meterId,
      at: this.minute,
      readings: 1,
      seconds: used?.seconds ?? 0,
      cpu_ms: cpusInUse === undefined ? (used?.cpuMs ?? 0) : cpuMsOf(cpusInUse, used?.seconds ?? 0),
      memory_mib: Math.round(memoryBytes / MIB),
      disk_mib: diskBytes === null ? null : Math.round(diskBytes / MIB),
      received_bytes: used?.receivedBytes ?? 0,
      sent_bytes: used?.sentBytes ?? 0,
    }
  }

  private async store(counted: Counted, trx: TransactionClientContract): Promise<void> {
    for (const chunk of chunked(counted.meters, WIDE_ROWS_AT_ONCE)) {
      await trx.insertQuery().table('meters').insert(chunk).onConflict('id').merge(['counters'])
    }
    await addSamples(counted.samples, trx)
    for (const chunk of chunked(counted.months, WIDE_ROWS_AT_ONCE)) {
      await trx
        .insertQuery()
        .table('traffic_months')
        .insert(chunk)
        .onConflict(['instance_id', 'month'])
        .merge(addedTo('traffic_months', ['received_bytes', 'sent_bytes'], trx))
    }
  }
}

/** From a cluster that counts no processor time: what it uses now, taken for the whole time since. */
function cpuMsOf(cpusInUse: number, seconds: number): number {
  return Math.round(cpusInUse * seconds * 1_000)
}

function withoutMeter(rows: MeteredRow[]): number[] {
  return ids(rows.filter(({ meter_id: meter }) => meter === null))
}

function ids(rows: { id: number }[]): number[] {
  return rows.map(({ id }) => id)
}

function sumUp(sums: Map<number, Sample>, meterId: number, sample: Sample): void {
  const sum = sums.get(meterId)
  if (!sum) {
    sums.set(meterId, { ...sample, meter_id: meterId })
    return
  }
  sum.seconds = Math.max(sum.seconds, sample.seconds)
  sum.cpu_ms += sample.cpu_ms
  sum.memory_mib += sample.memory_mib
  if (sample.disk_mib !== null) sum.disk_mib = (sum.disk_mib ?? 0) + sample.disk_mib
  sum.received_bytes += sample.received_bytes
  sum.sent_bytes += sample.sent_bytes
}

function standing(row: MeteredRow, month: string, sample: Sample): TrafficStanding {
  const counted = Number(row.received_bytes ?? 0) + Number(row.sent_bytes ?? 0)
  return {
    instanceId: row.id,
    organizationId: row.organization_id,
    month,
    usedBytes: counted + sample.received_bytes + sample.sent_bytes - Number(row.waived_bytes ?? 0),
    waivedBytes: Number(row.waived_bytes ?? 0),
    allowedGib: row.traffic_gib,
    action: row.traffic_action,
    throttleMbps: row.throttle_mbps,
    throttledMbps: row.throttled_mbps,
    isSuspended: row.suspension_id !== null,
    isWarned: row.warned_at !== null,
    isExceeded: row.exceeded_at !== null,
  }
}
