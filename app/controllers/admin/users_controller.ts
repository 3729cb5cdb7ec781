import type { HttpContext } from '@adonisjs/core/http'
import { listUsers } from '#models/people'
import User from '#models/user'
import { STAFF_ROLES } from '#models/types'
import StaffPolicy from '#policies/staff_policy'
import { adminUser } from '#transformers/admin_user'
import { searchOf } from '#validators/list'

export default class UsersController {
  async index({ bouncer, request, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('read')
    const { words, cursor } = searchOf(request.qs())
    const page = await listUsers(words, cursor)
    return view.render('pages/admin/users/index', { users: page.rows, page, words })
  }

  async show({ bouncer, params, view }: HttpContext) {
    const policy = bouncer.with(StaffPolicy)
    await policy.authorize('read')
    const user = await User.query()
      .where('uid', params.id)
      .preload('memberships', (memberships) => memberships.preload('organization').orderBy('id'))
      .firstOrFail()
    return view.render('pages/admin/users/show', {
      ...adminUser(user, await user.openSessions()),
      staffRoles: STAFF_ROLES,
      can: {
        disable: await policy.allows('disable', user),
        setStaffRole: await policy.allows('setStaffRole', user),
        assist: await policy.allows('assist', user),
      },
    })
  }
}
