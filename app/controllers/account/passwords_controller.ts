import type { HttpContext } from '@adonisjs/core/http'
import PasswordChange from '#models/password_change'
import { newPasswordValidator } from '#validators/account'

export default class PasswordsController {
  async edit({ auth, view }: HttpContext) {
    const { email } = auth.use('web').getUserOrFail()
    return view.render('pages/account/passwords/edit', { email })
  }

  async update({ auth, request, response, session, i18n }: HttpContext) {
    const user = auth.use('web').getUserOrFail()
    const words = [user.email, user.fullName ?? '']
    const { password } = await request.validateUsing(newPasswordValidator, { meta: { words } })
    await PasswordChange.change(user, password)
    session.regenerate()
    session.flash('notice', { kind: 'success', message: i18n.t('account.password_changed') })
    return response.redirect().toPath('/account/security')
  }
}
