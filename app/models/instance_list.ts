import db from '@adonisjs/lucid/services/db'
import type { ModelQueryBuilderContract } from '@adonisjs/lucid/types/model'
import Instance, { type OpenOperationRow } from '#models/instance'
import type Organization from '#models/organization'
import { parsedJson } from '#models/concerns/columns'
import { keysetPage, type Cursor, type KeysetOrder } from '#models/concerns/keyset'
import { likePrefix, type Search } from '#models/concerns/search'
import {
  INSTANCE_PHASES,
  type InstancePhase,
  type OperationState,
  type OperationType,
  type StepRecord,
} from '#models/types'

export const INSTANCE_QUALIFIERS = ['status', 'cluster', 'ip', 'name'] as const
export const STAFF_INSTANCE_QUALIFIERS = [...INSTANCE_QUALIFIERS, 'org', 'node'] as const
export type InstanceQualifier = (typeof STAFF_INSTANCE_QUALIFIERS)[number]

export const INSTANCE_SORTS = ['created', 'name', 'status'] as const
export type InstanceSort = (typeof INSTANCE_SORTS)[number]

/** What a person may ask for with `status:` beside the phases: known by other rows than its own. */
const MORE_STATUSES = ['suspended', 'deleting', 'working'] as const
export const INSTANCE_STATUSES = [...INSTANCE_PHASES, ...MORE_STATUSES]

export const PAGE_SIZES = [20, 50, 100] as const
/** Counting goes no further: an exact figure beyond would cost more than the page. */
export const COUNTED_UP_TO = 500
const CREATING_ON_TOP = 20

export type InstanceListRequest = {
  search: Search<InstanceQualifier>
  sort: InstanceSort
  descending: boolean
  size: number
  cursor: Cursor
  /** Those being created among the others: a program follows the cursors and must miss none. */
  isOneList?: boolean
}

export type InstanceRow = {
  id: number
  uid: string
  name: string
  kind: string
  phase: InstancePhase | null
  cpus: number
  memory_mib: number
  disk_gib: number
  created_at: string | Date
  cluster: string
  cluster_status: string
  cluster_last_seen_at: string | Date | null
  plan: string | null
  image: string | null
  /** Comma separated. */
  addresses: string | null
  operation: OpenOperationRow | null
  is_suspended: boolean
  /** Staff lists only. */
  organization?: string
  organization_slug?: string
  node?: string | null
}

export type InstanceListPage = {
  rows: InstanceRow[]
  /** Being created, newest first; they stand on top of the first page of an unsearched list. */
  creating: InstanceRow[]
  previous: string | null
  next: string | null
  /** Exact up to COUNTED_UP_TO, else one more. */
  total: number
}

type RawRow = Omit<InstanceRow, 'operation' | 'is_suspended'> & {
  suspensions: number | string
  total: number
  /** Of all in the list; only where the page is the first. */
  creating?: number
  operation_uid: string | null
  operation_type: OperationType
  operation_state: OperationState
  operation_input: string | Record<string, unknown>
  operation_steps: string | StepRecord[]
}

type Keys = ModelQueryBuilderContract<typeof Instance, { id: number }>

type Order = Pick<KeysetOrder<RawRow>, 'columns' | 'keyOf'> & {
  /** The index that is walked. Left alone, MariaDB rather reads all rows of a tenant and sorts them. */
  index: string
}

const BY_ID: Pick<Order, 'columns' | 'keyOf'> = {
  columns: ['instances.id'],
  keyOf: (row) => [row.id],
}
const BY_PHASE: Pick<Order, 'columns' | 'keyOf'> = {
  columns: ['instances.phase', 'instances.id'],
  keyOf: (row) => [row.phase!, row.id],
}

const TENANT_ORDERS: Record<InstanceSort, Order> = {
  created: { ...BY_ID, index: 'instances_organization_id_deleted_at_id_index' },
  // Unique in a tenant, and MariaDB does not sort by what it adds to a unique key: so without the id.
  name: {
    columns: ['instances.live_name'],
    keyOf: (row) => [row.name],
    index: 'instances_organization_id_live_name_unique',
  },
  status: { ...BY_PHASE, index: 'instances_organization_id_phase_id_index' },
}

const STAFF_ORDERS: Record<InstanceSort, Order> = {
  created: { ...BY_ID, index: 'instances_deleted_at_id_index' },
  name: {
    columns: ['instances.live_name', 'instances.id'],
    keyOf: (row) => [row.name, row.id],
    index: 'instances_live_name_id_index',
  },
  status: { ...BY_PHASE, index: 'instances_phase_id_index' },
}

/** The columns behind `phase`, not `phase` itself: its index is not to be taken here. */
const IS_SETTLED = '(instances.provisioned_at is not null or instances.failed_at is not null)'

/**
 * Living instances as rows: of one organization, or of all for staff. One query a page, another while some are
 * being created, and no call to a cluster, at the same cost for a hundred instances and for a hundred thousand. Plain rows, because fifty
 * models cost more than the whole page; the tenant's guard is upon them, since each query begins at the model.
 */
export function listInstances(
  organization: Organization | null,
  request: InstanceListRequest
): Promise<InstanceListPage> {
  const list = new InstanceList(organization, request)
  return request.search.isEmpty ? list.all() : list.found()
}

/** The ids of all living instances that match, `most` at most. */
export function matchingInstances(
  organization: Organization | null,
  search: InstanceListRequest['search'],
  most: number
): Promise<number[]> {
  const request = { search, sort: 'created', descending: true, size: most, cursor: {} } as const
  return new InstanceList(organization, request).ids()
}

class InstanceList {
  constructor(
    private readonly organization: Organization | null,
    private readonly request: InstanceListRequest
  ) {}

  async ids(): Promise<number[]> {
    const rows = await this.narrow(this.living(), 'few')
      .select('instances.id')
      .limit(this.request.size)
    return rows.map(({ id }) => id)
  }

  private get order(): Order {
    return (this.organization ? TENANT_ORDERS : STAFF_ORDERS)[this.request.sort]
  }

  async all(): Promise<InstanceListPage> {
    const { isOneList } = this.request
    const walk = isOneList ? this.walk() : this.walk().whereRaw(IS_SETTLED)
    const { isCreating, ...page } = await this.page(walk)
    const creating = isCreating && !isOneList ? await this.creating() : []
    return { ...page, creating, total: Math.max(page.total, creating.length) }
  }

  /**
   * Few matches are found first and then put in order; of many, the order's index is walked until the page is
   * full. Where an index knows the condition, about five hundred rows are touched at most.
   */
  async found(): Promise<InstanceListPage> {
    const matches = await this.narrow(this.living(), 'few')
      .select('instances.id')
      .limit(COUNTED_UP_TO + 1)
    const ids = matches.map(({ id }) => id)
    const { rows, previous, next } = await this.page(
      ids.length > COUNTED_UP_TO
        ? this.narrow(this.walk(), 'many')
        : this.living().whereIn('instances.id', ids)
    )
    return { rows, previous, next, creating: [], total: ids.length }
  }

  private async page(keys: Keys) {
    const { search, descending, size, cursor } = this.request
    const isFirst = search.isEmpty && !cursor.after && !cursor.before
    keys.select('instances.id')
    const page = await keysetPage<RawRow, Keys>(
      keys,
      { ...this.order, descending },
      cursor,
      size,
      (narrowed, orderBy) => {
        const rows = this.rowsOf(narrowed).orderByRaw(orderBy)
        if (search.isEmpty) rows.select(this.count().as('total'))
        if (isFirst) rows.select(this.someCreating().as('creating'))
        return rows
      }
    )
    const [first] = page.rows
    return {
      ...page,
      rows: page.rows.map(toRow),
      total: Number(first?.total ?? 0),
      // Without a row there is nobody to tell.
      isCreating: isFirst && (!first || Number(first.creating) > 0),
    }
  }

  private async creating(): Promise<InstanceRow[]> {
    const newest = this.living()
      .where('instances.phase', 'creating')
      .select('instances.id')
      .orderBy('instances.id', 'desc')
      .limit(CREATING_ON_TOP)
    const rows = await this.rowsOf(newest).orderBy('instances.id', 'desc')
    return rows.map(toRow)
  }

  private living(): Keys {
    const query = Instance.query().pojo<{ id: number }>()
    if (this.organization) query.where('instances.organization_id', this.organization.id)
    return query.whereNotNull('instances.phase')
  }

  /** Living instances in the order's index. */
  private walk(): Keys {
    const { sort } = this.request
    const query = Instance.query().pojo<{ id: number }>()
    if (this.organization) query.where('instances.organization_id', this.organization.id)
    if (sort === 'created') query.whereNull('instances.deleted_at')
    else query.whereNotNull(sort === 'name' ? 'instances.live_name' : 'instances.phase')
    if (db.connection().dialect.name === 'mysql') {
      query.knexQuery.from(db.knexRawQuery(`instances force index (${this.order.index})`))
    }
    return query
  }

  private count() {
    const living = this.living()
      .select('instances.id')
      .limit(COUNTED_UP_TO + 1)
    return db.from(living.as('living')).count('*')
  }

  private someCreating() {
    const one = this.living().where('instances.phase', 'creating').select('instances.id').limit(1)
    return db.from(one.as('creating')).count('*')
  }

  /** Everything a row shows, for the few instances that `keys` finds. */
  private rowsOf(keys: Keys) {
    const query = db
      .from(keys.as('page'))
      .join('instances', 'instances.id', 'page.id')
      // Each has one; but joined so, MariaDB begins with the page and needs no temporary table.
      .leftJoin('clusters', 'clusters.id', 'instances.cluster_id')
      .leftJoin('plans', 'plans.id', 'instances.plan_id')
      .leftJoin('images', 'images.id', 'instances.image_id')
      .joinRaw("left join operations on operations.open_on = concat('instance-', instances.id)")
      .select(db.raw(ROW_COLUMNS))
    if (this.organization) return query
    return query
      .join('organizations', 'organizations.id', 'instances.organization_id')
      .leftJoin('nodes', 'nodes.id', 'instances.node_id')
      .select(db.raw(STAFF_COLUMNS))
  }

  /** Values of one qualifier widen each other, everything else narrows. */
  private narrow(query: Keys, expected: 'few' | 'many'): Keys {
    const { search } = this.request
    const eachOf = (values: string[], add: (any: Keys, value: string) => void) => {
      if (values.length > 0) query.where((any) => values.forEach((value) => add(any, value)))
    }
    eachOf(search.values('status'), (any, status) => this.orStatus(any, status))
    eachOf(search.values('name'), (any, name) => orNameLike(any, name))
    eachOf(search.values('ip'), (any, ip) => this.orAddress(any, ip, expected))
    eachOf(search.values('cluster'), (any, name) => orNamed(any, 'clusters', 'cluster_id', name))
    eachOf(search.values('node'), (any, name) => orNamed(any, 'nodes', 'node_id', name))
    eachOf(search.values('org'), (any, slug) =>
      any.orWhereIn('instances.organization_id', organizationsCalled(slug))
    )
    for (const word of search.words) {
      query.where((any) => {
        orNameLike(any, `*${word}`)
        any.orWhere('instances.uid', word.toLowerCase())
        if (LOOKS_LIKE_ADDRESS.test(word)) this.orAddress(any, word, expected)
      })
    }
    return query
  }

  private orStatus(any: Keys, status: string): void {
    switch (status) {
      case 'suspended':
        return void any.orWhereIn('instances.id', this.openOn('suspensions'))
      case 'deleting':
        return void any.orWhereIn(
          'instances.id',
          this.openOn('operations').where('type', 'instance.delete')
        )
      case 'working':
        return void any.orWhereIn(
          'instances.id',
          this.openOn('operations').whereNotIn('type', ['instance.create', 'instance.delete'])
        )
      default:
        any.orWhere('instances.phase', status)
    }
  }

  /** Instances on which something of that kind is open. */
  private openOn(table: 'operations' | 'suspensions') {
    const open = db.from(table).whereNotNull('open_on').select('instance_id')
    return this.organization ? open.where('organization_id', this.organization.id) : open
  }

  private orAddress(any: Keys, ip: string, expected: 'few' | 'many'): void {
    const pattern = likePrefix(ip)
    if (expected === 'many') {
      // Counted, because "in" and "exists" would be turned into reading all matching addresses first.
      any.orWhereRaw(
        `(select count(*) from addresses where addresses.organization_id = instances.organization_id
          and addresses.instance_id = instances.id and addresses.address like ? escape '!') > 0`,
        [pattern]
      )
      return
    }
    const held = db.from('addresses').whereRaw("address like ? escape '!'", [pattern])
    if (this.organization) held.where('organization_id', this.organization.id)
    any.orWhereIn('instances.id', held.select('instance_id'))
  }
}

const ROW_COLUMNS = [
  'coalesce(images.title, images.name) as image',
  'instances.id',
  'instances.uid',
  'instances.name',
  'instances.kind',
  'instances.phase',
  'instances.cpus',
  'instances.memory_mib',
  'instances.disk_gib',
  'instances.created_at',
  'clusters.name as cluster',
  'clusters.status as cluster_status',
  'clusters.last_seen_at as cluster_last_seen_at',
  'plans.name as plan',
  'operations.uid as operation_uid',
  'operations.type as operation_type',
  'operations.state as operation_state',
  'operations.input as operation_input',
  'operations.steps as operation_steps',
  `(select group_concat(addresses.address order by addresses.interface_id, addresses.id) from addresses
    where addresses.organization_id = instances.organization_id and addresses.instance_id = instances.id) as addresses`,
  `(select count(*) from suspensions
    where suspensions.instance_id = instances.id and suspensions.open_on is not null) as suspensions`,
].join(', ')

const STAFF_COLUMNS = [
  'organizations.name as organization',
  'organizations.slug as organization_slug',
  'nodes.name as node',
].join(', ')

const LOOKS_LIKE_ADDRESS = /^\d{1,3}\.[\d.]*$|^[\da-f]*:[\da-f:]*$/i

function orNameLike(any: Keys, name: string): void {
  any.orWhereRaw("instances.live_name like ? escape '!'", [likePrefix(name)])
}

function orNamed(any: Keys, table: 'clusters' | 'nodes', column: string, name: string): void {
  any.orWhereIn(`instances.${column}`, db.from(table).where('name', name).select('id'))
}

function organizationsCalled(name: string) {
  return db
    .from('organizations')
    .where('slug', name)
    .orWhereRaw("name like ? escape '!'", [likePrefix(name)])
    .select('id')
}

function toRow(raw: RawRow): InstanceRow {
  const operation = raw.operation_uid
    ? {
        uid: raw.operation_uid,
        type: raw.operation_type,
        state: raw.operation_state,
        input: parsedJson(raw.operation_input),
        steps: parsedJson(raw.operation_steps),
      }
    : null
  return { ...raw, operation, is_suspended: Number(raw.suspensions) > 0 }
}

/** How many living instances stand where. */
export async function countByPhase(
  organization: Organization
): Promise<Map<InstancePhase, number>> {
  const rows = await Instance.query()
    .pojo<{ phase: InstancePhase; total: number | string }>()
    .where('instances.organization_id', organization.id)
    .whereNotNull('instances.phase')
    .groupBy('instances.phase')
    .select('instances.phase')
    .count('* as total')
  return new Map(rows.map(({ phase, total }) => [phase, Number(total)]))
}
