import { BasePolicy } from '@adonisjs/bouncer'
import type Membership from '#models/membership'
import type User from '#models/user'

/** Members decide what they are told; admins also for others, and to where programs are told. */
export default class NoticePolicy extends BasePolicy {
  view(_user: User, membership: Membership) {
    return membership.isAtLeast('viewer')
  }

  choose(_user: User, membership: Membership, target: Membership) {
    return membership.id === target.id || membership.isAtLeast('admin')
  }

  manageWebhooks(_user: User, membership: Membership) {
    return membership.isAtLeast('admin')
  }
}
