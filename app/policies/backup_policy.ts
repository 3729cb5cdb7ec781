import { BasePolicy } from '@adonisjs/bouncer'
import type Membership from '#models/membership'
import type User from '#models/user'

export default class BackupPolicy extends BasePolicy {
  view(_user: User, membership: Membership) {
    return membership.isAtLeast('viewer')
  }

  create(_user: User, membership: Membership) {
    return membership.isAtLeast('operator')
  }

  /** All that is on the disk of an instance, to take away. */
  download(_user: User, membership: Membership) {
    return membership.isAtLeast('operator')
  }

  restore(_user: User, membership: Membership) {
    return membership.isAtLeast('operator')
  }

  destroy(_user: User, membership: Membership) {
    return membership.isAtLeast('admin')
  }

  schedule(_user: User, membership: Membership) {
    return membership.isAtLeast('operator')
  }
}
