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

/** Few enough rows for one statement, whatever the columns, and for its text to be garbage that was never much. */
const ROWS_AT_ONCE = 100

export function* chunked<Value>(values: Value[]): Generator<Value[]> {
  for (let start = 0; start < values.length; start += ROWS_AT_ONCE) {
    yield values.slice(start, start + ROWS_AT_ONCE)
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
