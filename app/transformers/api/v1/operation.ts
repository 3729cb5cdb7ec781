import type Operation from '#models/operation'
import type { OperationRow } from '#models/operation_list'
import { stepViews } from '#transformers/operation'

/** What became of a deed so far. Needs `instance`. */
export function apiOperation(operation: Operation) {
  return {
    uid: operation.uid,
    type: operation.type,
    state: operation.state,
    is_open: operation.isOpen,
    instance: operation.instance?.uid ?? null,
    // A row that was just made has no word for it yet.
    error: operation.errorKind ?? null,
    steps: stepViews(operation.type, operation.steps).map(({ name, is, tookMs }) => ({
      name,
      state: is,
      took_ms: tookMs,
    })),
    created_at: operation.createdAt.toISO(),
    ended_at: operation.endedAt?.toISO() ?? null,
  }
}

export function apiOperationRow(row: OperationRow) {
  return {
    uid: row.uid,
    type: row.type,
    state: row.state,
    instance: row.instance_uid,
    error: row.error_kind,
    created_at: new Date(row.created_at).toISOString(),
    ended_at: row.ended_at ? new Date(row.ended_at).toISOString() : null,
  }
}
