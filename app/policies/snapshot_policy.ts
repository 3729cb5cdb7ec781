import { BasePolicy } from '@adonisjs/bouncer'
import type Membership from '#models/membership'
import type User from '#models/user'

export default class SnapshotPolicy extends BasePolicy {
  view(_user: User, membership: Membership) {
    return membership.isAtLeast('viewer')
  }

  create(_user: User, membership: Membership) {
    return membership.isAtLeast('operator')
  }

  /** What was written since is lost. */
  restore(_user: User, membership: Membership) {
    return membership.isAtLeast('operator')
  }

  destroy(_user: User, membership: Membership) {
    return membership.isAtLeast('operator')
  }

  schedule(_user: User, membership: Membership) {
    return membership.isAtLeast('operator')
  }
}
