import type { HttpContext } from '@adonisjs/core/http'
import User from '#models/user'
import StaffPolicy from '#policies/staff_policy'

export default class SessionsController {
  async destroy({ bouncer, params, response, session, i18n }: HttpContext) {
    const user = await User.findByOrFail('uid', params.id)
    await bouncer.with(StaffPolicy).authorize('assist', user)
    await user.endAllSessions()
    const message = i18n.t('users.sessions_ended', { email: user.email })
    session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath(`/admin/users/${user.uid}`)
  }
}
