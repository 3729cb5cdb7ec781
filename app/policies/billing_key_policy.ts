import { BasePolicy } from '@adonisjs/bouncer'
import type Membership from '#models/membership'
import type User from '#models/user'

/** A key may do what an admin may, so admins and owners make and end them. */
export default class BillingKeyPolicy extends BasePolicy {
  manage(_user: User, membership: Membership) {
    return membership.isAtLeast('admin')
  }
}
