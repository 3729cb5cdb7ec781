import type { DateTime } from 'luxon'

/** A moment as both databases take it in a plain query. */
export function sqlTime(time: DateTime): string {
  return time.toUTC().toFormat('yyyy-MM-dd HH:mm:ss')
}

/** Rows that an update or delete changed: a number or a list with one, as the dialect likes. */
export function affected(result: unknown): number {
  return Number(Array.isArray(result) ? (result[0] ?? 0) : result)
}
