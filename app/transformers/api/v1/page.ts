/** A page of a list and the cursors of its neighbours; null where there is none. */
export function apiPage<Row, Item>(
  page: { rows: Row[]; previous: string | null; next: string | null },
  item: (row: Row) => Item
) {
  return { data: page.rows.map(item), previous: page.previous, next: page.next }
}
