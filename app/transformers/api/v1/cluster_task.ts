import type { ClusterTask } from '#drivers/contract'
import { clusterTaskLog, clusterTaskRow } from '#transformers/cluster_task'

/** What the cluster says it did. Who asked it to is not told: that may be somebody of the staff. */
export function apiClusterTask(task: ClusterTask) {
  const { id, type, state, startedAt, endedAt, reason } = clusterTaskRow(task, '', false)
  return {
    id,
    type,
    state,
    reason,
    started_at: startedAt.toISOString(),
    ended_at: endedAt?.toISOString() ?? null,
  }
}

export function apiClusterTaskWithLog(task: ClusterTask, log: string[]) {
  return { ...apiClusterTask(task), log: clusterTaskLog(log, false) }
}
