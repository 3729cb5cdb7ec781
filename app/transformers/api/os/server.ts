import Instance, { type InstanceStatus } from '#models/instance'
import type { Server } from '#models/server_list'

/** What OpenStack calls the states; what it has no word for is at work. */
const STATUSES: Partial<Record<InstanceStatus, string>> = {
  running: 'ACTIVE',
  stopped: 'SHUTOFF',
  frozen: 'PAUSED',
  suspended: 'SUSPENDED',
  creating: 'BUILD',
  deleting: 'DELETING',
  restarting: 'REBOOT',
  failed: 'ERROR',
  needs_attention: 'ERROR',
  unknown: 'UNKNOWN',
}

export function osServer({ instance, open }: Server) {
  const status = Instance.status(instance.phase, open, instance.isSuspended)
  return { id: instance.uid, name: instance.name, status: STATUSES[status] ?? 'WORKING' }
}
