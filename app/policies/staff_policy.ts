import { BasePolicy } from '@adonisjs/bouncer'
import type User from '#models/user'

/** The three ranks of platform staff, for every page under /admin: viewer, operator, admin. */
export default class StaffPolicy extends BasePolicy {
  /** Look at everything. */
  read(user: User) {
    return user.isStaffOf('viewer')
  }

  /** Help: end sessions, disable a user, retry an operation. */
  act(user: User) {
    return user.isStaffOf('operator')
  }

  /** Decide: clusters, plans, quotas, staff. */
  configure(user: User) {
    return user.isStaffOf('admin')
  }

  /** Not one's own account: that is done under one's own settings. */
  manage(user: User, target: User) {
    return user.id !== target.id && user.isStaffOf('admin')
  }

  /** Nobody disables, promotes or demotes themselves. Operators leave staff alone. */
  disable(user: User, target: User) {
    return user.id !== target.id && user.isStaffOf(target.staffRole ? 'admin' : 'operator')
  }

  setStaffRole(user: User, target: User) {
    return user.id !== target.id && user.isStaffOf('admin')
  }

  /** Ending sessions and sending a reset link. */
  assist(user: User, target: User) {
    return user.isStaffOf(target.staffRole ? 'admin' : 'operator')
  }
}
