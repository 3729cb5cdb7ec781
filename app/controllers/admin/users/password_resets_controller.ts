import type { HttpContext } from '@adonisjs/core/http'
import PasswordChange from '#models/password_change'
import User from '#models/user'
import StaffPolicy from '#policies/staff_policy'
import { allowMailTo } from '#start/limiter'

export default class PasswordResetsController {
  async store({ bouncer, params, response, session, i18n }: HttpContext) {
    const user = await User.findByOrFail('uid', params.id)
    await bouncer.with(StaffPolicy).authorize('assist', user)
    await allowMailTo(user.email)
    await PasswordChange.sendReset(user)
    const message = i18n.t('users.reset_sent', { email: user.email })
    session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath(`/admin/users/${user.uid}`)
  }
}
