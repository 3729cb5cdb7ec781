import type Instance from '#models/instance'
import type InstanceKey from '#models/instance_key'
import type { Onlooker } from '#transformers/instance_frame'
import { nameFor } from '#transformers/visit'
import { refusal } from '#transformers/instance_refusals'

/** What stands on the access page beside the frame. */
export function instanceAccess(
  instance: Instance,
  keys: InstanceKey[],
  { membership, home }: Onlooker
) {
  return {
    reset: refusal(instance, membership, {
      role: 'operator',
      at: 'running',
      facet: 'credentials',
    }),
    change: refusal(instance, membership, {
      role: 'operator',
      at: 'made',
      facet: 'credentials',
    }),
    keys: keys.map(({ uid, type, comment, fingerprint, addedBy, createdAt }) => ({
      uid,
      type,
      comment,
      fingerprint,
      addedBy: nameFor(home, addedBy),
      createdAt,
    })),
  }
}
