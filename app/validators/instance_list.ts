import {
  INSTANCE_QUALIFIERS,
  INSTANCE_SORTS,
  PAGE_SIZES,
  STAFF_INSTANCE_QUALIFIERS,
  type InstanceListRequest,
  type InstanceQualifier,
  type InstanceSort,
} from '#models/instance_list'
import { Search } from '#models/concerns/search'

type Query = Record<string, unknown>

const PALETTE_ROWS = 8

/** Reads the address of a list. What it does not know falls back to the default: an old bookmark still works. */
export function instanceListRequest(query: Query, { staff = false } = {}): InstanceListRequest {
  const qualifiers: readonly InstanceQualifier[] = staff
    ? STAFF_INSTANCE_QUALIFIERS
    : INSTANCE_QUALIFIERS
  const { sort, descending } = sortOf(query.sort, INSTANCE_SORTS, {
    sort: 'created',
    descending: true,
  })
  return {
    search: Search.parse(query.q, qualifiers),
    sort: sort as InstanceSort,
    descending,
    ...pageOf(query),
  }
}

/** The first few for the palette, by name. */
export function paletteRequest(query: Query, { staff = false } = {}): InstanceListRequest {
  const asked = instanceListRequest({ q: query.q, sort: 'name' }, { staff })
  return { ...asked, size: PALETTE_ROWS }
}

/** `name` ascending, `-name` descending. */
export function sortOf<Sort extends string>(
  value: unknown,
  sorts: readonly Sort[],
  byDefault: { sort: Sort; descending: boolean }
): { sort: Sort; descending: boolean } {
  const wish = String(value ?? '')
  const sort = sorts.find((known) => known === wish.replace(/^-/, ''))
  return sort ? { sort, descending: wish.startsWith('-') } : byDefault
}

export function pageOf(query: Query) {
  const text = (value: unknown) => (typeof value === 'string' ? value.slice(0, 300) : null)
  return {
    size: PAGE_SIZES.find((size) => String(size) === query.size) ?? 50,
    cursor: { after: text(query.after), before: text(query.before) },
  }
}
