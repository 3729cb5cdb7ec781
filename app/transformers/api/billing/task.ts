import type { ClusterTask } from '#drivers/contract'
import type Operation from '#models/operation'
import type { OperationRow } from '#models/operation_list'
import type { OperationState } from '#models/types'
import { clusterTaskRow } from '#transformers/cluster_task'

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

const CLUSTER_STATUSES: Record<ClusterTask['state'], string> = {
  running: 'STARTED',
  succeeded: 'SUCCESS',
  failed: 'FAILURE',
}

/** A line of what the cluster says it did by itself. */
export function billedClusterTask(task: ClusterTask, title: string) {
  const { id, type, startedAt, endedAt, reason } = clusterTaskRow(task, '', false)
  return {
    id,
    action: type,
    title,
    status: CLUSTER_STATUSES[task.state],
    error_msg: reason,
    created_at: startedAt.toISOString(),
    completed_at: endedAt?.toISOString() ?? null,
  }
}
