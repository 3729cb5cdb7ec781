import { formatPorts } from '#addressing/ports'
import type Operation from '#models/operation'
import type PortForward from '#models/port_forward'
import type PortPool from '#models/port_pool'
import { forwardState } from '#transformers/port_forward'

/** `open`: the operation that is open on its instance. */
export function apiForward(forward: PortForward, open: Operation | null) {
  const { id, appliedAt, missingSince } = forward
  const standing = { id, isApplied: appliedAt !== null, isMissing: missingSince !== null }
  return {
    uid: forward.uid,
    protocol: forward.protocol,
    address: forward.address,
    first_port: forward.firstPort,
    last_port: forward.lastPort,
    /** In the instance; of a range the first. */
    target_port: forward.targetPort,
    note: forward.note,
    is_for_ssh: forward.isForSsh,
    state: forwardState(standing, open),
    created_at: forward.createdAt.toISO(),
  }
}

export function apiPortPool(pool: PortPool) {
  return {
    uid: pool.uid,
    name: pool.name,
    address: pool.address,
    /** What may be asked for, as people write it: `20000-20999, 22000`. */
    ports: formatPorts(pool.leasable),
  }
}
