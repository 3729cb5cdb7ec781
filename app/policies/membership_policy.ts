import { BasePolicy } from '@adonisjs/bouncer'
import type Membership from '#models/membership'
import type User from '#models/user'
import type { Role } from '#models/types'

/** Admins manage members; owners are made and unmade by owners only. `acting` is who asks. */
export default class MembershipPolicy extends BasePolicy {
  viewAll(_user: User, acting: Membership) {
    return acting.isAtLeast('viewer')
  }

  changeRole(_user: User, acting: Membership, target: Membership, role: Role) {
    return acting.isAtLeast(target.role === 'owner' || role === 'owner' ? 'owner' : 'admin')
  }

  remove(_user: User, acting: Membership, target: Membership) {
    return acting.isAtLeast(target.role === 'owner' ? 'owner' : 'admin')
  }

  leave(_user: User, acting: Membership) {
    return acting.isAtLeast('viewer')
  }
}
