import { BasePolicy } from '@adonisjs/bouncer'
import type Membership from '#models/membership'
import type User from '#models/user'
import type { Role } from '#models/types'

/** Admins invite; an invitation to be an owner is an owner's. */
export default class InvitationPolicy extends BasePolicy {
  viewAll(_user: User, membership: Membership) {
    return membership.isAtLeast('admin')
  }

  create(_user: User, membership: Membership, role: Role) {
    return membership.isAtLeast(role === 'owner' ? 'owner' : 'admin')
  }

  /** Sending it again, or taking it back. */
  manage(_user: User, membership: Membership, invitation: { role: Role }) {
    return membership.isAtLeast(invitation.role === 'owner' ? 'owner' : 'admin')
  }
}
