import { formatPorts, formatRange } from '#addressing/ports'
import type Instance from '#models/instance'
import { countsSsh, LONGEST_RANGE } from '#models/port_forward'
import type PortForward from '#models/port_forward'
import type PortPool from '#models/port_pool'
import type { ForwardRow } from '#models/port_forward_list'
import { instanceFrame, type Onlooker } from '#transformers/instance_frame'
import { readMoment } from '#transformers/moment'

export type ForwardState = 'creating' | 'deleting' | 'active' | 'missing' | 'failed'

type Standing = { id: number; isApplied: boolean; isMissing: boolean }

/** What a person reads as its state; `open`: the operation that is open on the instance. */
export function forwardState(
  { id, isApplied, isMissing }: Standing,
  open: { type: string; input: Record<string, unknown> } | null
): ForwardState {
  const isAbout = ((open?.input.forwardIds ?? []) as number[]).includes(id)
  if (open?.type === 'instance.delete') return 'deleting'
  if (open?.type === 'port_forward.delete' && isAbout) return 'deleting'
  if (isApplied) return isMissing ? 'missing' : 'active'
  return open && (isAbout || open.type === 'instance.create') ? 'creating' : 'failed'
}

/** A line of an instance's forwards. */
export function forwardItem(forward: PortForward, instance: Instance) {
  const { id, uid, appliedAt, missingSince } = forward
  const standing = { id, isApplied: appliedAt !== null, isMissing: missingSince !== null }
  return {
    uid,
    protocol: forward.protocol.toUpperCase(),
    publicAddress: forward.publicAddress,
    target: formatRange(forward.targetPorts),
    note: forward.note,
    isForSsh: forward.isForSsh,
    state: forwardState(standing, instance.openOperation),
    createdBy: forward.createdBy?.displayName ?? null,
    createdAt: forward.createdAt,
  }
}

/** The forwards of one instance, and what may be added. Needs `Instance.forPage`. */
export function forwardsPage(
  instance: Instance,
  forwards: PortForward[],
  pools: PortPool[],
  onlooker: Onlooker
) {
  const frame = instanceFrame(instance, onlooker, 'port_forwards')
  const used = forwards
    .filter(({ isForSsh }) => !isForSsh || countsSsh(instance))
    .reduce((sum, { count }) => sum + count, 0)
  const mayChange = onlooker.membership.isAtLeast('operator')
  const refusal = changeRefusal(instance, mayChange)
  return {
    frame,
    path: `${frame.path}/port-forwards`,
    forwards: forwards.map((forward) => forwardItem(forward, instance)),
    used,
    limit: instance.portForwardLimit,
    longestRange: LONGEST_RANGE,
    pools: pools.map((pool) => ({
      value: pool.uid,
      label: `${pool.address} · ${pool.name}`,
    })),
    /** Which public ports may be asked for. */
    offered: pools
      .map((pool) => {
        const ports = shortened(formatPorts(pool.leasable))
        return pools.length > 1 ? `${pool.address}: ${ports}` : ports
      })
      .join('; '),
    /** Why nothing can be added; null: it can. */
    adding: refusal ?? (used >= instance.portForwardLimit ? ('limit' as const) : null),
    removing: refusal,
  }
}

/** What would go, before it does. */
export function forwardDeletionPage(
  instance: Instance,
  forwards: PortForward[],
  onlooker: Onlooker
) {
  const frame = instanceFrame(instance, onlooker, 'port_forwards')
  return {
    frame,
    path: `${frame.path}/port-forwards`,
    forwards: forwards.map((forward) => forwardItem(forward, instance)),
    removing: changeRefusal(instance, onlooker.membership.isAtLeast('operator')),
  }
}

/** A line of the staff's list of all forwards. */
export function staffForwardRow(row: ForwardRow) {
  const host = row.address.includes(':') ? `[${row.address}]` : row.address
  const count = row.last_port - row.first_port
  const [applied, missing] = [row.applied_at, row.missing_since].map((at) => at !== null)
  return {
    uid: row.uid,
    publicAddress: `${host}:${formatRange({ first: row.first_port, last: row.last_port })}`,
    protocol: row.protocol.toUpperCase(),
    target: formatRange({ first: row.target_port, last: row.target_port + count }),
    note: row.note,
    state: applied ? (missing ? ('missing' as const) : ('active' as const)) : ('pending' as const),
    instance: { name: row.instance, path: `/admin/instances/${row.instance_uid}/port-forwards` },
    organization: {
      name: row.organization,
      path: `/admin/organizations/${row.organization_uid}`,
    },
    cluster: row.cluster,
    createdAt: readMoment(row.created_at),
  }
}

function changeRefusal(instance: Instance, mayChange: boolean) {
  if (!mayChange) return 'role' as const
  if (instance.openOperation) return 'busy' as const
  return instance.isProvisioned ? null : ('failed' as const)
}

const LONGEST_PORTS = 60

function shortened(ports: string): string {
  if (ports.length <= LONGEST_PORTS) return ports
  return `${ports.slice(0, ports.lastIndexOf(',', LONGEST_PORTS))} …`
}
