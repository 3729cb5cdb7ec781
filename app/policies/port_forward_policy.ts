import { BasePolicy } from '@adonisjs/bouncer'
import type Membership from '#models/membership'
import type User from '#models/user'

export default class PortForwardPolicy extends BasePolicy {
  view(_user: User, membership: Membership) {
    return membership.isAtLeast('viewer')
  }

  create(_user: User, membership: Membership) {
    return membership.isAtLeast('operator')
  }

  destroy(_user: User, membership: Membership) {
    return membership.isAtLeast('operator')
  }
}
