import type { HttpContext } from '@adonisjs/core/http'
import User from '#models/user'
import StaffPolicy from '#policies/staff_policy'

/** A disabled user is signed out everywhere and cannot sign in. */
export default class DisablementsController {
  async store({ bouncer, params, response, session, i18n }: HttpContext) {
    const user = await User.findByOrFail('uid', params.id)
    await bouncer.with(StaffPolicy).authorize('disable', user)
    await user.disable()
    const message = i18n.t('users.disabled', { email: user.email })
    session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath(`/admin/users/${user.uid}`)
  }

  async destroy({ bouncer, params, response, session, i18n }: HttpContext) {
    const user = await User.findByOrFail('uid', params.id)
    await bouncer.with(StaffPolicy).authorize('disable', user)
    await user.enable()
    const message = i18n.t('users.enabled', { email: user.email })
    session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath(`/admin/users/${user.uid}`)
  }
}
