import { pageAmong, type Cursor } from '#models/concerns/keyset'

/** A page of a list and the cursors of its neighbours; null where there is none. */
export function apiPage<Row, Item>(
  page: { rows: Row[]; previous: string | null; next: string | null },
  item: (row: Row) => Item
) {
  return { data: page.rows.map(item), previous: page.previous, next: page.next }
}

/** The same of a list that is short and at hand as a whole. */
export function apiPageAmong<Item extends { uid: string }>(
  all: Item[],
  { cursor, size }: { cursor: Cursor; size: number }
) {
  return apiPage(
    pageAmong(all, ({ uid }) => uid, cursor, size),
    (item) => item
  )
}
