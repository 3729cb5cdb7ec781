import db from '@adonisjs/lucid/services/db'
import Operation, { OPEN_STATES } from '#models/operation'
import type Organization from '#models/organization'
import { parsedJson } from '#models/concerns/columns'
import { keysetPage, type Cursor, type KeysetPage } from '#models/concerns/keyset'
import type { OperationErrorKind, OperationState, OperationType, StepRecord } from '#models/types'

export type OperationListRequest = {
  state: OperationState | null
  type: OperationType | null
  /** uid of the instance. */
  instance: string | null
  /** Slug; staff only. */
  organization: string | null
  size: number
  cursor: Cursor
}

export type OperationRow = {
  id: number
  uid: string
  type: OperationType
  state: OperationState
  input: Record<string, unknown>
  steps: StepRecord[]
  error_kind: OperationErrorKind | null
  created_at: string | Date
  ended_at: string | Date | null
  /** Name and uid of its subject: an instance, or a licence. */
  instance: string
  instance_uid: string
  instance_deleted_at: string | Date | null
  cluster: string | null
  actor_name: string | null
  actor_email: string | null
  organization: string
  organization_slug: string
}

type Keys = ReturnType<typeof keys>
type RawRow = Omit<OperationRow, 'input' | 'steps'> & {
  input: string | Record<string, unknown>
  steps: string | StepRecord[]
}

/** Operations, newest first: of one organization, or of all for staff. */
export async function listOperations(
  organization: Organization | null,
  request: OperationListRequest
): Promise<KeysetPage<OperationRow>> {
  const page = await keysetPage<RawRow, Keys>(
    keys(organization, request),
    { columns: ['operations.id'], descending: true, keyOf: (row) => [row.id] },
    request.cursor,
    request.size,
    (narrowed, orderBy) => rowsOf(narrowed).orderByRaw(orderBy)
  )
  return { ...page, rows: page.rows.map(toRow) }
}

/** The newest few, for an overview. */
export async function recentOperations(
  organization: Organization,
  { open, limit }: { open: boolean; limit: number }
): Promise<OperationRow[]> {
  const wanted = Operation.query()
    .pojo<{ id: number }>()
    .where('operations.organization_id', organization.id)
    .select('operations.id')
    .orderBy('operations.id', 'desc')
    .limit(limit)
  // By state: of `open_on` MariaDB would read all of the organization's.
  if (open) wanted.whereIn('operations.state', [...OPEN_STATES])
  else wanted.whereNull('operations.open_on')
  const rows: RawRow[] = await rowsOf(wanted).orderBy('operations.id', 'desc')
  return rows.map(toRow)
}

function keys(organization: Organization | null, request: OperationListRequest) {
  const query = Operation.query().pojo<{ id: number }>().select('operations.id')
  if (organization) query.where('operations.organization_id', organization.id)
  if (request.organization) {
    query.where(
      'operations.organization_id',
      db.from('organizations').where('slug', request.organization).select('id').limit(1)
    )
  }
  if (request.state) query.where('operations.state', request.state)
  if (request.type) query.where('operations.type', request.type)
  if (request.instance) {
    query.where(
      'operations.instance_id',
      db.from('instances').where('uid', request.instance).select('id').limit(1)
    )
  }
  return query
}

function rowsOf(narrowed: Keys) {
  return db
    .from(narrowed.as('page'))
    .join('operations', 'operations.id', 'page.id')
    .leftJoin('instances', 'instances.id', 'operations.instance_id')
    .leftJoin('licenses', 'licenses.id', 'operations.license_id')
    .join('organizations', 'organizations.id', 'operations.organization_id')
    .leftJoin('clusters', 'clusters.id', 'operations.cluster_id')
    .leftJoin('users', 'users.id', 'operations.requested_by_id')
    .select(
      'operations.id',
      'operations.uid',
      'operations.type',
      'operations.state',
      'operations.input',
      'operations.steps',
      'operations.error_kind',
      'operations.created_at',
      'operations.ended_at',
      db.raw('coalesce(instances.name, licenses.name) as instance'),
      db.raw('coalesce(instances.uid, licenses.uid) as instance_uid'),
      'instances.deleted_at as instance_deleted_at',
      'clusters.name as cluster',
      'users.full_name as actor_name',
      'users.email as actor_email',
      'organizations.name as organization',
      'organizations.slug as organization_slug'
    )
}

function toRow(row: RawRow): OperationRow {
  return { ...row, input: parsedJson(row.input), steps: parsedJson(row.steps) }
}

export type OperationDigest = Pick<
  OperationRow,
  'uid' | 'type' | 'input' | 'instance' | 'instance_uid' | 'organization_slug'
>

const digests = new Map<number, Promise<OperationDigest | null>>()
const KEPT_DIGESTS = 1_000

/** What never changes about an operation; asked once a process, however many pages want to tell of it. */
export function operationDigest(id: number): Promise<OperationDigest | null> {
  const known = digests.get(id)
  if (known) return known
  const asked = readDigest(id).catch((error) => {
    digests.delete(id)
    throw error
  })
  digests.set(id, asked)
  if (digests.size > KEPT_DIGESTS) digests.delete(digests.keys().next().value!)
  return asked
}

async function readDigest(id: number): Promise<OperationDigest | null> {
  const row = await db
    .from('operations')
    .leftJoin('instances', 'instances.id', 'operations.instance_id')
    .leftJoin('licenses', 'licenses.id', 'operations.license_id')
    .join('organizations', 'organizations.id', 'operations.organization_id')
    .where('operations.id', id)
    .select('operations.uid', 'operations.type', 'operations.input')
    .select(db.raw('coalesce(instances.name, licenses.name) as instance'))
    .select(db.raw('coalesce(instances.uid, licenses.uid) as instance_uid'))
    .select('organizations.slug as organization_slug')
    .first()
  return row && { ...row, input: parsedJson(row.input) }
}
