import type { HttpContext } from '@adonisjs/core/http'
import User from '#models/user'
import StaffPolicy from '#policies/staff_policy'
import { staffRoleValidator } from '#validators/staff_role'

export default class StaffRolesController {
  async update({ bouncer, params, request, response, session, i18n }: HttpContext) {
    const user = await User.findByOrFail('uid', params.id)
    await bouncer.with(StaffPolicy).authorize('setStaffRole', user)
    const { staff_role: role } = await request.validateUsing(staffRoleValidator)
    await user.setStaffRole(role)
    const message = i18n.t('users.staff_role_saved', { email: user.email })
    session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath(`/admin/users/${user.uid}`)
  }
}
