import { BasePolicy } from '@adonisjs/bouncer'
import type Membership from '#models/membership'
import type User from '#models/user'

export default class InterfacePolicy extends BasePolicy {
  view(_user: User, membership: Membership) {
    return membership.isAtLeast('viewer')
  }

  attach(_user: User, membership: Membership) {
    return membership.isAtLeast('operator')
  }

  /** Its addresses go back. */
  detach(_user: User, membership: Membership) {
    return membership.isAtLeast('operator')
  }
}
