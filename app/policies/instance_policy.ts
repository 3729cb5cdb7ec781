import { BasePolicy } from '@adonisjs/bouncer'
import { CONSOLE_ROLE } from '#models/console_session'
import type Membership from '#models/membership'
import type User from '#models/user'

/** Viewers look, operators run things, admins and owners also make and remove them. */
export default class InstancePolicy extends BasePolicy {
  view(_user: User, membership: Membership) {
    return membership.isAtLeast('viewer')
  }

  power(_user: User, membership: Membership) {
    return membership.isAtLeast('operator')
  }

  console(_user: User, membership: Membership) {
    return membership.isAtLeast(CONSOLE_ROLE)
  }

  create(_user: User, membership: Membership) {
    return membership.isAtLeast('operator')
  }

  destroy(_user: User, membership: Membership) {
    return membership.isAtLeast('admin')
  }

  resetPassword(_user: User, membership: Membership) {
    return membership.isAtLeast('operator')
  }

  rename(_user: User, membership: Membership) {
    return membership.isAtLeast('operator')
  }

  changeKeys(_user: User, membership: Membership) {
    return membership.isAtLeast('operator')
  }

  /** What was on its disk goes. */
  reinstall(_user: User, membership: Membership) {
    return membership.isAtLeast('admin')
  }

  /** It changes what is paid for. */
  resize(_user: User, membership: Membership) {
    return membership.isAtLeast('admin')
  }

  transfer(_user: User, membership: Membership) {
    return membership.isAtLeast('admin')
  }

  receive(_user: User, membership: Membership) {
    return membership.isAtLeast('admin')
  }

  /** For its own customer's sake; what the provider imposed stays. */
  suspend(_user: User, membership: Membership) {
    return membership.isAtLeast('admin')
  }

  /** The root password, once. */
  revealSecret(_user: User, membership: Membership) {
    return membership.isAtLeast('operator')
  }
}
