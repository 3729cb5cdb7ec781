import type { Facet, PowerAction } from '#drivers/contract'
import type Instance from '#models/instance'
import type Membership from '#models/membership'
import type { Role } from '#models/types'

/** Why something cannot be done now: a key below `instances.why`; null when it can. */
export type Refusal =
  | 'role'
  | 'busy'
  | 'failed'
  | 'not_made'
  | 'missing'
  | 'suspended'
  | 'runs'
  | 'stopped'
  | 'not_running'
  | 'no_facet'
  | 'one_node'
  | null

type Deed = {
  /** The least role that may do it. */
  role: Role
  /** `running`: it is done inside the guest. `made`: it must be there. `any`: whatever became of it. */
  at: 'running' | 'made' | 'any'
  facet?: Facet
  /** It is done to a suspended instance as well. */
  evenSuspended?: true
  /** … and to one that its cluster lost. */
  evenMissing?: true
  /** It disturbs no operation, and none disturbs it. */
  evenBusy?: true
}

/** The one answer for a button that is there and cannot be pressed. Needs `Instance.forPage`. */
export function refusal(instance: Instance, membership: Membership, deed: Deed): Refusal {
  if (deed.facet && !instance.facets.has(deed.facet)) return 'no_facet'
  if (!membership.isAtLeast(deed.role)) return 'role'
  if (instance.openOperation && !deed.evenBusy) return 'busy'
  if (deed.at === 'any') return null
  if (instance.phase === 'failed') return 'failed'
  if (instance.phase === 'missing' && !deed.evenMissing) return 'missing'
  if (!instance.isProvisioned) return 'not_made'
  if (instance.isSuspended && !deed.evenSuspended) return 'suspended'
  return deed.at === 'running' && instance.phase !== 'running' ? 'not_running' : null
}

/** What is suspended for abuse may be evidence: only staff delete it. */
export function deletionRefusal(
  instance: Instance,
  membership: Membership,
  isStaff: boolean
): Refusal {
  const isEvidence = instance.suspensions.some(({ reason }) => reason === 'abuse')
  if (isEvidence && !isStaff) return 'suspended'
  return refusal(instance, membership, { role: 'admin', at: 'any' })
}

export function powerRefusal(
  instance: Instance,
  membership: Membership,
  action: PowerAction
): Refusal {
  const isUp = action === 'start' || action === 'restart'
  const refused = refusal(instance, membership, {
    role: 'operator',
    at: 'made',
    ...(isUp ? {} : { evenSuspended: true }),
  })
  if (refused) return refused
  if (action === 'start') return instance.phase === 'running' ? 'runs' : null
  return instance.phase === 'stopped' ? 'stopped' : null
}
