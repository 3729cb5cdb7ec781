import type { ClusterTask } from '#drivers/contract'

const DOORS = { running: 'working', succeeded: 'succeeded', failed: 'failed' } as const
/** `root@pam`, `portico@pve!portal`: as a cluster calls its users. */
const USERS = /[\w.+-]+@[\w-]+(?:![\w.-]+)?/g
const HIDDEN = '…'

/** A line of the cluster's own list. Whom it did it for is for staff alone. */
export function clusterTaskRow(task: ClusterTask, path: string, isStaff: boolean) {
  return {
    id: task.id,
    path: `${path}/tasks/${encodeURIComponent(task.id)}`,
    type: task.type,
    vendorType: task.vendorType,
    state: task.state,
    door: DOORS[task.state],
    startedAt: new Date(task.startedAt),
    endedAt: task.endedAt ? new Date(task.endedAt) : null,
    seconds: task.endedAt
      ? Math.round((Date.parse(task.endedAt) - Date.parse(task.startedAt)) / 1_000)
      : null,
    node: isStaff ? task.node : null,
    by: isStaff ? task.by : null,
    reason: task.reason && (isStaff ? task.reason : withoutNames(task.reason)),
  }
}

/** What the cluster wrote, for its owner: the names of the cluster's users are left out. */
export function clusterTaskLog(log: string[], isStaff: boolean): string[] {
  return isStaff ? log : log.map(withoutNames)
}

function withoutNames(line: string): string {
  return line.replaceAll(USERS, HIDDEN)
}
