import type { HttpContext } from '@adonisjs/core/http'
import PasswordChange from '#models/password_change'
import UserToken from '#models/user_token'
import { inEvenTime } from '#services/even_time'
import { allowMailTo } from '#start/limiter'
import { emailValidator, newPasswordValidator } from '#validators/account'

export default class PasswordResetsController {
  async create({ view }: HttpContext) {
    return view.render('pages/password_resets/create')
  }

  async store({ request, session, response, i18n }: HttpContext) {
    const { email } = await request.validateUsing(emailValidator)
    await allowMailTo(email)
    await inEvenTime(() => PasswordChange.requestReset(email))
    session.flash('notice', { kind: 'success', message: i18n.t('password.reset_sent', { email }) })
    return response.redirect().toPath('/sign-in')
  }

  async edit({ params, view }: HttpContext) {
    const token = await UserToken.findValid(params.token, 'reset_password')
    return view.render('pages/password_resets/edit', {
      email: token.user.email,
      action: `/reset-password/${params.token}`,
    })
  }

  async update({ params, request, session, response, i18n }: HttpContext) {
    const { user } = await UserToken.findValid(params.token, 'reset_password')
    const words = [user.email, user.fullName ?? '']
    const { password } = await request.validateUsing(newPasswordValidator, { meta: { words } })
    await PasswordChange.reset(params.token, password)
    session.flash('notice', { kind: 'success', message: i18n.t('password.was_reset') })
    return response.redirect().toPath('/sign-in')
  }
}
