type Neighbours = { previous: string | null; next: string | null }
type Params = Record<string, string | number | null | undefined>

/** Addresses of a list's neighbours: the same list with one thing changed. Empty values are left out. */
export class ListLinks {
  constructor(
    private readonly path: string,
    private readonly params: Params = {}
  ) {}

  /** Another page of the same list. */
  page(cursor: { after?: string | null; before?: string | null }): string {
    return this.with(cursor)
  }

  /** The ways to the pages before and after one; null at the ends. */
  around({ previous, next }: Neighbours): Neighbours {
    return {
      previous: previous && this.page({ before: previous }),
      next: next && this.page({ after: next }),
    }
  }

  /** The list with something changed, from its first page. */
  with(changes: Params): string {
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries({ ...this.params, ...changes })) {
      if (value !== null && value !== undefined && value !== '') query.set(name, String(value))
    }
    const text = query.toString()
    return text ? `${this.path}?${text}` : this.path
  }
}

export type SortHead = { href: string; is: 'ascending' | 'descending' | 'none' }

/** A head that sorts by itself, and the other way round when it already does. */
export function sortHead(
  links: ListLinks,
  column: string,
  current: { sort: string; descending: boolean },
  descendingFirst = false
): SortHead {
  const isCurrent = current.sort === column
  const descending = isCurrent ? !current.descending : descendingFirst
  return {
    href: links.with({ sort: descending ? `-${column}` : column }),
    is: isCurrent ? (current.descending ? 'descending' : 'ascending') : 'none',
  }
}
