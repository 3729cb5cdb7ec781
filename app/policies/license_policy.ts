import { BasePolicy } from '@adonisjs/bouncer'
import type Membership from '#models/membership'
import type User from '#models/user'

/** Viewers look and download; operators bind hosts; admins and owners hold the token. */
export default class LicensePolicy extends BasePolicy {
  view(_user: User, membership: Membership) {
    return membership.isAtLeast('viewer')
  }

  upload(_user: User, membership: Membership) {
    return membership.isAtLeast('operator')
  }

  manageToken(_user: User, membership: Membership) {
    return membership.isAtLeast('admin')
  }
}
