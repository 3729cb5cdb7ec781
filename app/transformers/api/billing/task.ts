import type Operation from '#models/operation'
import type { OperationRow } from '#models/operation_list'
import type { OperationState } from '#models/types'

/** What the plugins that wait for a task look for. */
const STATUSES: Record<OperationState, string> = {
  queued: 'PENDING',
  running: 'STARTED',
  compensating: 'STARTED',
  succeeded: 'SUCCESS',
  failed: 'FAILURE',
  cancelled: 'REVOKED',
  needs_attention: 'FAILURE',
}

/** How a deed stands that was answered with 202. */
export function billedTask(operation: Operation, error: string | null) {
  return {
    task_id: operation.uid,
    action: operation.type,
    status: STATUSES[operation.state],
    result: error,
  }
}

/** A line of what was done to a container; `title` and `error` in words. */
export function billedTaskRow(row: OperationRow, title: string, error: string | null) {
  return {
    id: row.uid,
    action: row.type,
    title,
    status: STATUSES[row.state],
    error_msg: error,
    created_at: new Date(row.created_at).toISOString(),
    completed_at: row.ended_at ? new Date(row.ended_at).toISOString() : null,
  }
}
