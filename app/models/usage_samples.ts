import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { addedTo, chunked, WIDE_ROWS_AT_ONCE } from '#models/concerns/sql'

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** The lines of samples: each is coarser than the one before it and is kept longer. In seconds. */
export const SAMPLE_LINES = [
  { table: 'usage_minutes', step: MINUTE, keep: DAY },
  { table: 'usage_fives', step: 5 * MINUTE, keep: 7 * DAY },
  { table: 'usage_hours', step: HOUR, keep: 366 * DAY },
] as const

/** How many steps of a line are removed by one statement. */
const FORGET_AT_ONCE = 30

/** What one meter used in the minute that begins at `at`. */
export type Sample = {
  meter_id: number
  at: number
  readings: number
  seconds: number
  cpu_ms: number
  memory_mib: number
  disk_mib: number | null
  received_bytes: number
  sent_bytes: number
}

const SUMS = [
  'readings',
  'seconds',
  'cpu_ms',
  'memory_mib',
  'disk_mib',
  'received_bytes',
  'sent_bytes',
] as const

/**
 * A minute goes into every line at once: its sums are added to the span it falls into. So a chart of a year
 * knows the last minute, and there is no later rolling-up that could be missed or done twice.
 */
export async function addSamples(samples: Sample[], trx: TransactionClientContract): Promise<void> {
  for (const { table, step } of SAMPLE_LINES) {
    for (const chunk of chunked(samples, WIDE_ROWS_AT_ONCE)) {
      await trx
        .insertQuery()
        .table(table)
        .insert(chunk.map((sample) => ({ ...sample, at: sample.at - (sample.at % step) })))
        .onConflict(['meter_id', 'at'])
        .merge(addedTo(table, SUMS, trx))
    }
  }
}

/** Takes away what is older than its line keeps, a few spans at a time. @returns how many rows went */
export async function forgetOldSamples(now = Date.now()): Promise<number> {
  let forgotten = 0
  for (const { table, step, keep } of SAMPLE_LINES) {
    const end = Math.floor(now / 1_000) - keep
    for (let from = await oldest(table); from !== null && from < end; from = await oldest(table)) {
      const until = Math.min(end, from + FORGET_AT_ONCE * step)
      forgotten += Number(await db.from(table).where('at', '<', until).delete())
    }
  }
  return forgotten
}

async function oldest(table: string): Promise<number | null> {
  const row = await db.from(table).min('at as at').first()
  return row?.at ?? null
}
