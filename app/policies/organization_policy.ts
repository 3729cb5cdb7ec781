import { BasePolicy } from '@adonisjs/bouncer'
import type Membership from '#models/membership'
import type User from '#models/user'

/** What a member may do to the organization itself; `membership` carries it. */
export default class OrganizationPolicy extends BasePolicy {
  update(_user: User, membership: Membership) {
    return membership.isAtLeast('admin')
  }

  viewQuotas(_user: User, membership: Membership) {
    return membership.isAtLeast('viewer')
  }

  viewActivity(_user: User, membership: Membership) {
    return membership.isAtLeast('admin')
  }

  destroy(_user: User, membership: Membership) {
    return membership.isAtLeast('owner') && membership.organization.isDeletable
  }
}
