import type { I18n } from '@adonisjs/i18n'
import type Batch from '#models/batch'
import type { BatchCounts, BatchItemRow, BatchRow } from '#models/batch_list'

/** Needs `requestedBy` and `retryOf`. */
export function apiBatch(batch: Batch, counts: BatchCounts) {
  return {
    uid: batch.uid,
    deed: batch.deed,
    is_open: batch.isOpen,
    is_cancelled: batch.cancelRequestedAt !== null,
    counts,
    retry_of: batch.retryOf?.uid ?? null,
    requested_by: batch.requestedBy?.displayName ?? null,
    created_at: batch.createdAt.toISO(),
    ended_at: batch.endedAt?.toISO() ?? null,
  }
}

export function apiBatchRow(row: BatchRow) {
  return {
    uid: row.uid,
    deed: row.deed,
    is_open: row.ended_at === null,
    total: Number(row.total),
    succeeded: Number(row.succeeded),
    requested_by: row.actor,
    created_at: new Date(row.created_at).toISOString(),
    ended_at: row.ended_at ? new Date(row.ended_at).toISOString() : null,
  }
}

/** What became of one instance: the state of its operation, or why there is none. */
export function apiBatchItem(row: BatchItemRow, i18n: I18n) {
  return {
    instance: { uid: row.instance_uid, name: row.instance },
    outcome: row.outcome,
    operation: row.operation_uid,
    error: row.error_kind,
    refusal: row.refusal && {
      code: row.refusal,
      detail: i18n.t(`errors.${row.refusal}`, row.refusal_data, row.refusal),
    },
  }
}
