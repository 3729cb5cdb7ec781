import db from '@adonisjs/lucid/services/db'
import type { ModelQueryBuilderContract } from '@adonisjs/lucid/types/model'
import type Instance from '#models/instance'
import { SAMPLE_LINES } from '#models/usage_samples'

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** A collector may be so far behind before what it last saw is no news. */
const LATE = 5 * MINUTE
const [MINUTES, FIVES, HOURS] = SAMPLE_LINES

export const USAGE_RANGES = ['hour', 'day', 'week', 'month', 'year'] as const
export type UsageRange = (typeof USAGE_RANGES)[number]

/** From which line a range is read, and how many seconds become one point: some 360 at most. */
const RANGES = {
  hour: { line: MINUTES, span: HOUR, step: MINUTE },
  day: { line: FIVES, span: DAY, step: 5 * MINUTE },
  week: { line: FIVES, span: 7 * DAY, step: 30 * MINUTE },
  month: { line: HOURS, span: 30 * DAY, step: 2 * HOUR },
  year: { line: HOURS, span: 365 * DAY, step: DAY },
} as const satisfies Record<UsageRange, object>

/** Whose meter. */
export type MeterOwner = { instanceId: number } | { nodeId: number } | { clusterId: number }

/** One point of a line; what is not known there is null. */
export type UsagePoint = {
  /** Seconds since 1970, where the span begins. */
  at: number
  seconds: number
  /** Processors that were busy, in the mean. */
  cpus: number | null
  memoryMib: number | null
  diskMib: number | null
  receivedBytes: number
  sentBytes: number
}

export type UsageHistory = {
  range: UsageRange
  from: number
  until: number
  step: number
  points: UsagePoint[]
  /** Bytes that its disks read and wrote, where the cluster tells them. */
  io?: { at: number; readPerSecond: number; writtenPerSecond: number }[]
}

export type SampleRow = Record<
  | 'span_at'
  | 'readings'
  | 'seconds'
  | 'cpu_ms'
  | 'memory_mib'
  | 'disk_mib'
  | 'received_bytes'
  | 'sent_bytes',
  number | string | null
>

/** `zoneMinutes`: how far the reader's clock is ahead of UTC, so that days begin where the reader's do. */
export async function usageHistory(
  owner: MeterOwner,
  range: UsageRange,
  { nowMs = Date.now(), zoneMinutes = 0 }: { nowMs?: number; zoneMinutes?: number } = {}
): Promise<UsageHistory> {
  const { line, span, step } = RANGES[range]
  const until = Math.floor(nowMs / 1_000)
  const from = until - span
  const rows = await samplesOf(owner, line.table)
    .where('at', '>=', from - line.step)
    .where('at', '<=', until)
    .groupBy('span_at')
    .orderBy('span_at')
    .select(db.raw('at - (at + ?) % ? as span_at', [zoneMinutes * MINUTE, step]))
    .sum({
      readings: 'readings',
      seconds: 'seconds',
      cpu_ms: 'cpu_ms',
      memory_mib: 'memory_mib',
      disk_mib: 'disk_mib',
      received_bytes: 'received_bytes',
      sent_bytes: 'sent_bytes',
    })
  return { range, from, until, step, points: rows.map(toPoint) }
}

/** The last point of a line, if it is not long ago. */
export function latestUsage(history: UsageHistory): UsagePoint | null {
  const last = history.points.at(-1)
  return last && last.at >= history.until - 2 * history.step - LATE ? last : null
}

/** The last minute that was counted, if it is not long ago: what `latestUsage` of an hour says, without the hour. */
export async function lastMinute(owner: MeterOwner): Promise<UsagePoint | null> {
  const row = await samplesOf(owner, MINUTES.table)
    .whereBetween('at', lastMinutes())
    .orderBy('at', 'desc')
    .select('*')
    .select('at as span_at')
    .first()
  return row ? toPoint(row) : null
}

/** The same for each row of a query of instances, beside it: what `toPoint` reads, `span_at` null where there is none. */
export function joinLastMinute(
  instances: ModelQueryBuilderContract<typeof Instance, unknown>
): void {
  const samples = MINUTES.table
  instances
    .leftJoin('meters', 'meters.instance_id', 'instances.id')
    .joinRaw(
      `left join ${samples} as samples on samples.meter_id = meters.id and samples.at =
        (select max(at) from ${samples} as latest where latest.meter_id = meters.id and latest.at between ? and ?)`,
      lastMinutes()
    )
    .select(db.raw('samples.*, samples.at as span_at'))
}

function lastMinutes(): [from: number, until: number] {
  const until = Math.floor(Date.now() / 1_000)
  return [until - 2 * MINUTE - LATE, until]
}

function samplesOf(owner: MeterOwner, table: string) {
  return db
    .from(table)
    .join('meters', 'meters.id', `${table}.meter_id`)
    .where(columnOf(owner), Object.values(owner)[0]!)
}

function columnOf(owner: MeterOwner): string {
  if ('instanceId' in owner) return 'meters.instance_id'
  return 'nodeId' in owner ? 'meters.node_id' : 'meters.cluster_id'
}

export function toPoint(row: SampleRow): UsagePoint {
  const seconds = Number(row.seconds)
  const readings = Number(row.readings) || 1
  return {
    at: Number(row.span_at),
    seconds,
    cpus: seconds > 0 ? Number(row.cpu_ms) / 1_000 / seconds : null,
    memoryMib: Number(row.memory_mib) / readings,
    diskMib: row.disk_mib === null ? null : Number(row.disk_mib) / readings,
    receivedBytes: Number(row.received_bytes),
    sentBytes: Number(row.sent_bytes),
  }
}
