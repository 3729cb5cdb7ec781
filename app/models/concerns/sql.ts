import type { DateTime } from 'luxon'
import type { QueryClientContract } from '@adonisjs/lucid/types/database'

/** A moment as both databases take it in a plain query. */
export function sqlTime(time: DateTime): string {
  return time.toUTC().toFormat('yyyy-MM-dd HH:mm:ss')
}

/** Rows that an update or delete changed: a number or a list with one, as the dialect likes. */
export function affected(result: unknown): number {
  return Number(Array.isArray(result) ? (result[0] ?? 0) : result)
}

/** Few enough values for one statement. */
const VALUES_AT_ONCE = 500
/** Few enough rows of many columns that the text of their statement is never much to keep. */
export const WIDE_ROWS_AT_ONCE = 100

export function* chunked<Value>(values: Value[], size = VALUES_AT_ONCE): Generator<Value[]> {
  for (let start = 0; start < values.length; start += size) {
    yield values.slice(start, start + size)
  }
}

/** For an insert that meets a row which is there already: these columns are added to what it has. */
export function addedTo<Column extends string>(
  table: string,
  columns: readonly Column[],
  client: QueryClientContract
): Record<Column, ReturnType<typeof client.raw>> {
  const offered = client.dialect.name === 'mysql' ? 'values(??)' : 'excluded.??'
  return Object.fromEntries(
    columns.map((column) => [column, client.raw(`??.?? + ${offered}`, [table, column, column])])
  ) as Record<Column, ReturnType<typeof client.raw>>
}
