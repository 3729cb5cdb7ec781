import { BasePolicy } from '@adonisjs/bouncer'
import type Membership from '#models/membership'
import type User from '#models/user'

export default class OperationPolicy extends BasePolicy {
  view(_user: User, membership: Membership) {
    return membership.isAtLeast('viewer')
  }

  cancel(_user: User, membership: Membership) {
    return membership.isAtLeast('operator')
  }

  retry(_user: User, membership: Membership) {
    return membership.isAtLeast('operator')
  }
}
