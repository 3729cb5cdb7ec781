import Instance, { type InstanceStatus } from '#models/instance'
import {
  COUNTED_UP_TO,
  INSTANCE_STATUSES,
  PAGE_SIZES,
  type InstanceListPage,
  type InstanceListRequest,
  type InstanceRow,
} from '#models/instance_list'
import { ListLinks, sortHead } from '#transformers/list_links'
import { stepOf } from '#transformers/operation'

/**
 * What the page of a list needs beside its rows: chips, heads, filters and the ways to its neighbours. `home` is
 * where it lives: `/o/acme`, or `/admin` for staff.
 */
export function instanceListPage(
  home: string,
  page: InstanceListPage,
  request: InstanceListRequest
) {
  const { search, sort, descending, size } = request
  const path = `${home}/instances`
  const links = new ListLinks(path, {
    q: search.text,
    sort: sort === 'created' && descending ? null : `${descending ? '-' : ''}${sort}`,
    size: size === 50 ? null : size,
  })
  const statuses = search.values('status')
  return {
    path,
    operationsPath: `${home}/operations`,
    rows: page.rows.map(instanceItem),
    creating: page.creating.map(instanceItem),
    isEmpty: page.rows.length === 0 && page.creating.length === 0,
    isSearched: !search.isEmpty,
    isFirstPage: !request.cursor.after && !request.cursor.before,
    total: Math.min(page.total, COUNTED_UP_TO),
    isCountedWhole: page.total <= COUNTED_UP_TO,
    query: search.text,
    hidden: kept({ sort, descending, size }),
    chips: search.conditions.map(({ qualifier, value }, index) => ({
      name: qualifier,
      value,
      removeHref: links.with({ q: search.withoutCondition(index) }),
    })),
    clearHref: links.with({ q: null }),
    statusFilters: INSTANCE_STATUSES.map((status) => ({
      status,
      isActive: statuses.includes(status),
      href: links.with({ q: search.with('status', statuses.includes(status) ? null : status) }),
    })),
    sizes: PAGE_SIZES.map((choice) => ({
      size: choice,
      isActive: choice === size,
      href: links.with({ size: choice === 50 ? null : choice }),
    })),
    heads: {
      name: sortHead(links, 'name', { sort, descending }),
      status: sortHead(links, 'status', { sort, descending }),
      created: sortHead(links, 'created', { sort, descending }, true),
    },
    previous: page.previous ? links.page({ before: page.previous }) : null,
    next: page.next ? links.page({ after: page.next }) : null,
  }
}

/** What a search keeps of the list it begins in. */
function kept({ sort, descending, size }: { sort: string; descending: boolean; size: number }) {
  return {
    ...(sort !== 'created' || !descending ? { sort: `${descending ? '-' : ''}${sort}` } : {}),
    ...(size === 50 ? {} : { size: String(size) }),
  }
}

export type InstanceItem = ReturnType<typeof instanceItem>

export function instanceItem(row: InstanceRow) {
  const addresses = (row.addresses ?? '').split(',').filter((address) => address !== '')
  const { operation } = row
  return {
    uid: row.uid,
    name: row.name,
    status: Instance.status(row.phase, operation, row.is_suspended) as InstanceStatus,
    image: row.image,
    plan: row.plan,
    cpus: row.cpus,
    memoryMib: row.memory_mib,
    diskGib: row.disk_gib,
    ipv4: addresses.filter((address) => !address.includes(':')),
    ipv6: addresses.filter((address) => address.includes(':')),
    cluster: row.cluster,
    isClusterSilent: row.cluster_status === 'offline',
    createdAt: row.created_at,
    operation: operation
      ? { uid: operation.uid, isStuck: operation.state === 'needs_attention', ...stepOf(operation) }
      : null,
    organization: row.organization
      ? { name: row.organization, slug: row.organization_slug! }
      : null,
    node: row.node ?? null,
  }
}
