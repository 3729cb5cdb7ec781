import { BasePolicy } from '@adonisjs/bouncer'
import { mayAsk } from '#models/batch_deed'
import type Membership from '#models/membership'
import type User from '#models/user'
import type { BatchDeed } from '#models/types'

/** Who may do it to one may do it to many. `membership` null: on the staff's pages. */
export default class BatchPolicy extends BasePolicy {
  view(user: User, membership: Membership | null) {
    return membership ? membership.isAtLeast('viewer') : user.isStaffOf('viewer')
  }

  order(user: User, membership: Membership | null, deed: BatchDeed) {
    return mayAsk(deed, user, membership)
  }

  /** Choosing, and cancelling the rest. */
  act(user: User, membership: Membership | null) {
    return membership ? membership.isAtLeast('operator') : user.isStaffOf('operator')
  }
}
