import type Instance from '#models/instance'
import type Membership from '#models/membership'
import { SUSPENSION_REASONS } from '#models/types'
import { reinstallRefusal, resizeRefusal, transferRefusal } from '#transformers/instance_deeds'
import type { Onlooker } from '#transformers/instance_frame'
import { moveRefusal } from '#transformers/instance_move'
import { refusal } from '#transformers/instance_refusals'

/** What stands on the settings page beside the frame. */
export function instanceSettings(instance: Instance, onlooker: Onlooker, hasOtherNode: boolean) {
  const { membership } = onlooker
  const { cpus, memoryMib, diskGib } = instance
  return {
    suspensions: suspensionsOf(instance, membership),
    size: { cpus, memoryMib, diskGib },
    rename: refusal(instance, membership, { role: 'operator', at: 'any' }),
    resize: resizeRefusal(instance, onlooker),
    move: moveRefusal(instance, onlooker, hasOtherNode),
    reinstall: reinstallRefusal(instance, onlooker),
    transfer: transferRefusal(instance, onlooker),
  }
}

/** For staff only; the customer reads the reasons in the frame. */
function suspensionsOf(instance: Instance, membership: Membership) {
  const open = instance.suspensions.map(({ reason, note, imposedBy, createdAt }) => ({
    reason,
    note,
    by: imposedBy?.displayName ?? null,
    at: createdAt,
  }))
  return {
    open,
    closed: SUSPENSION_REASONS.filter((reason) => !open.some((known) => known.reason === reason)),
    refusal: refusal(instance, membership, { role: 'admin', at: 'made', evenSuspended: true }),
  }
}
