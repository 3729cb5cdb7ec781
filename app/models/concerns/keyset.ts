export type Cursor = { after?: string | null; before?: string | null }

export type KeysetPage<Row> = {
  rows: Row[]
  /** Cursors of the neighbouring pages; null at the ends. */
  previous: string | null
  next: string | null
}

export type KeysetOrder<Row> = {
  /** All in one direction; together they must be unique, and an index should have them in this order. */
  columns: string[]
  descending: boolean
  keyOf(row: Row): (string | number)[]
}

type ListQuery = {
  whereRaw(sql: string, bindings: (string | number)[]): unknown
  orderByRaw(sql: string): unknown
  limit(value: number): unknown
}

/**
 * One page of a list, found by where the last one ended and not by counting rows: page 2000 costs what page 1
 * does, and rows that come or go meanwhile neither repeat nor hide others. `run` executes the query once it is
 * narrowed to the page; `orderBy` is told for queries that wrap it.
 */
export async function keysetPage<Row, Query extends ListQuery>(
  query: Query,
  { columns, descending, keyOf }: KeysetOrder<Row>,
  { after, before }: Cursor,
  size: number,
  run: (query: Query, orderBy: string) => PromiseLike<Row[]>
): Promise<KeysetPage<Row>> {
  const from = decode(after, columns.length)
  const until = from ? null : decode(before, columns.length)
  const backwards = until !== null
  const direction = descending === backwards ? 'asc' : 'desc'
  const orderBy = columns.map((column) => `${column} ${direction}`).join(', ')
  const key = from ?? until
  if (key) query.whereRaw(...beyond(columns, key, direction === 'asc' ? '>' : '<'))
  query.orderByRaw(orderBy)
  query.limit(size + 1)

  const found = await run(query, orderBy)
  const hasMore = found.length > size
  const rows = found.slice(0, size)
  if (backwards) rows.reverse()
  const [first, last] = [rows[0], rows.at(-1)]
  return {
    rows,
    previous: first && (from || (backwards && hasMore)) ? encode(keyOf(first)) : null,
    next: last && (backwards || hasMore) ? encode(keyOf(last)) : null,
  }
}

/**
 * The same among rows that are few and all at hand. Where the row of a cursor has gone meanwhile, the list begins
 * anew.
 */
export function pageAmong<Row>(
  all: Row[],
  keyOf: (row: Row) => string,
  { after, before }: Cursor,
  size: number
): KeysetPage<Row> {
  const at = (cursor: string | null | undefined) => {
    const key = decode(cursor, 1)
    return key ? all.findIndex((row) => keyOf(row) === key[0]) : -1
  }
  const [from, until] = [at(after), at(before)]
  const end = from < 0 && until >= 0 ? until : from + 1 + size
  const start = Math.max(0, end - size)
  const rows = all.slice(start, end)
  const [first, last] = [rows[0], rows.at(-1)]
  return {
    rows,
    previous: first && start > 0 ? encode([keyOf(first)]) : null,
    next: last && end < all.length ? encode([keyOf(last)]) : null,
  }
}

/** (a, b) beyond (x, y), in the form of which every database makes index ranges. */
function beyond(
  columns: string[],
  key: (string | number)[],
  than: '>' | '<'
): [string, (string | number)[]] {
  const alternatives = columns.map((column, index) => {
    const equal = columns.slice(0, index).map((earlier) => `${earlier} = ?`)
    return `(${[...equal, `${column} ${than} ?`].join(' and ')})`
  })
  return [`(${alternatives.join(' or ')})`, columns.flatMap((_, index) => key.slice(0, index + 1))]
}

function encode(key: (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

/** A cursor that somebody made up counts as none. */
function decode(cursor: string | null | undefined, length: number): (string | number)[] | null {
  if (!cursor) return null
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    const isKey =
      Array.isArray(key) &&
      key.length === length &&
      key.every((part) => typeof part === 'string' || Number.isFinite(part))
    return isKey ? key : null
  } catch {
    return null
  }
}
