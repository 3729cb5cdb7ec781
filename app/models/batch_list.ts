import db from '@adonisjs/lucid/services/db'
import Batch from '#models/batch'
import BatchItem from '#models/batch_item'
import type Organization from '#models/organization'
import { parsedJson } from '#models/concerns/columns'
import { keysetPage, type Cursor, type KeysetPage } from '#models/concerns/keyset'
import type {
  BatchDeed,
  OperationErrorKind,
  OperationState,
  OperationType,
  StepRecord,
} from '#models/types'

/** What became of one item: of its operation, or why there is none. */
export type BatchOutcome = OperationState | 'waiting' | 'unchanged' | 'refused'

/** As a person asks for them. */
export const BATCH_VIEWS = ['all', 'open', 'succeeded', 'failed', 'cancelled'] as const
export type BatchView = (typeof BATCH_VIEWS)[number]

export const OUTCOMES: Record<Exclude<BatchView, 'all'>, readonly BatchOutcome[]> = {
  open: ['waiting', 'queued', 'running', 'compensating'],
  succeeded: ['succeeded', 'unchanged'],
  failed: ['failed', 'refused', 'needs_attention'],
  cancelled: ['cancelled'],
}

export type BatchCounts = Record<BatchView, number>

export type BatchItemRow = {
  id: number
  outcome: BatchOutcome
  refusal: string | null
  refusal_data: Record<string, string | number>
  instance: string
  instance_uid: string
  instance_deleted_at: string | Date | null
  organization: string
  operation_uid: string | null
  type: OperationType | null
  steps: StepRecord[]
  error_kind: OperationErrorKind | null
}

export type BatchRow = {
  id: number
  uid: string
  deed: BatchDeed
  created_at: string | Date
  ended_at: string | Date | null
  actor: string | null
  total: number | string
  succeeded: number | string
}

type RawItem = Omit<BatchItemRow, 'refusal_data' | 'steps'> & {
  refusal_data: string | Record<string, string | number> | null
  steps: string | StepRecord[] | null
}

const OUTCOME =
  "(case when batch_items.state = 'opened' then operations.state else batch_items.state end)"

/** How many stand where, read from the operations themselves. */
export async function countItems(batch: Batch): Promise<BatchCounts> {
  const rows: { outcome: BatchOutcome; total: number | string }[] = await items(batch)
    .select(db.raw(`${OUTCOME} as outcome`))
    .groupByRaw(OUTCOME)
    .count('* as total')
  const counts: BatchCounts = { all: 0, open: 0, succeeded: 0, failed: 0, cancelled: 0 }
  for (const { outcome, total } of rows) {
    counts.all += Number(total)
    for (const view of BATCH_VIEWS) {
      if (view !== 'all' && OUTCOMES[view].includes(outcome)) counts[view] += Number(total)
    }
  }
  return counts
}

export async function listItems(
  batch: Batch,
  { view, cursor, size }: { view: BatchView; cursor: Cursor; size: number }
): Promise<KeysetPage<BatchItemRow>> {
  const keys = items(batch).select('batch_items.id')
  if (view !== 'all') {
    const wanted = OUTCOMES[view]
    keys.whereRaw(`${OUTCOME} in (${wanted.map(() => '?').join(', ')})`, [...wanted])
  }
  const page = await keysetPage<RawItem, typeof keys>(
    keys,
    { columns: ['batch_items.id'], descending: false, keyOf: (row) => [row.id] },
    cursor,
    size,
    (narrowed, orderBy) =>
      db
        .from(narrowed.as('page'))
        .join('batch_items', 'batch_items.id', 'page.id')
        .join('instances', 'instances.id', 'batch_items.instance_id')
        .join('organizations', 'organizations.id', 'batch_items.organization_id')
        .leftJoin('operations', 'operations.id', 'batch_items.operation_id')
        .select(
          'batch_items.id',
          'batch_items.refusal',
          'batch_items.refusal_data',
          db.raw(`${OUTCOME} as outcome`),
          'instances.name as instance',
          'instances.uid as instance_uid',
          'instances.deleted_at as instance_deleted_at',
          'organizations.name as organization',
          'operations.uid as operation_uid',
          'operations.type',
          'operations.steps',
          'operations.error_kind'
        )
        .orderByRaw(orderBy)
  )
  return {
    ...page,
    rows: page.rows.map((row) => ({
      ...row,
      refusal_data: row.refusal_data === null ? {} : parsedJson(row.refusal_data),
      steps: row.steps === null ? [] : parsedJson(row.steps),
    })),
  }
}

/** Begins at the model, so that the tenant's guard is upon it. */
function items(batch: Batch) {
  return BatchItem.query()
    .pojo<{ id: number; outcome: BatchOutcome; total: number | string }>()
    .leftJoin('operations', 'operations.id', 'batch_items.operation_id')
    .where('batch_items.batch_id', batch.id)
}

/** Batches, newest first: of one organization, or of staff. */
export async function listBatches(
  organization: Organization | null,
  { cursor, size }: { cursor: Cursor; size: number }
): Promise<KeysetPage<BatchRow>> {
  const keys = Batch.query().pojo<{ id: number }>().select('batches.id')
  if (organization) keys.where('batches.organization_id', organization.id)
  else keys.whereNull('batches.organization_id')
  return keysetPage<BatchRow, typeof keys>(
    keys,
    { columns: ['batches.id'], descending: true, keyOf: (row) => [row.id] },
    cursor,
    size,
    (narrowed, orderBy) =>
      db
        .from(narrowed.as('page'))
        .join('batches', 'batches.id', 'page.id')
        .leftJoin('users', 'users.id', 'batches.requested_by_id')
        .join('batch_items', 'batch_items.batch_id', 'batches.id')
        .leftJoin('operations', 'operations.id', 'batch_items.operation_id')
        .groupBy(
          'batches.id',
          'batches.uid',
          'batches.deed',
          'batches.created_at',
          'batches.ended_at',
          'users.full_name',
          'users.email'
        )
        .select(
          'batches.id',
          'batches.uid',
          'batches.deed',
          'batches.created_at',
          'batches.ended_at',
          db.raw('coalesce(users.full_name, users.email) as actor'),
          db.raw('count(*) as total'),
          db.raw(
            `sum(case when ${OUTCOME} in ('succeeded', 'unchanged') then 1 else 0 end) as succeeded`
          )
        )
        .orderByRaw(orderBy)
  )
}
