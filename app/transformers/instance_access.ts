import type Instance from '#models/instance'
import type Membership from '#models/membership'
import { refusal } from '#transformers/instance_refusals'

/** What stands on the access page beside the frame. */
export function instanceAccess(instance: Instance, membership: Membership) {
  return {
    reset: refusal(instance, membership, {
      role: 'operator',
      at: 'running',
      facet: 'credentials',
    }),
  }
}
