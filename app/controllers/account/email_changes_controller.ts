import type { HttpContext } from '@adonisjs/core/http'
import EmailChange from '#models/email_change'
import { inEvenTime } from '#services/even_time'
import { allowMailTo } from '#start/limiter'
import { emailValidator } from '#validators/account'

export default class EmailChangesController {
  async create({ auth, view }: HttpContext) {
    return view.render('pages/account/email_changes/create', {
      user: auth.use('web').getUserOrFail(),
    })
  }

  async store({ auth, request, response }: HttpContext) {
    const { email } = await request.validateUsing(emailValidator)
    await allowMailTo(email)
    await inEvenTime(() => EmailChange.request(auth.use('web').getUserOrFail(), email))
    return response.redirect().toPath('/verify-email')
  }

  async destroy({ auth, response, session, i18n }: HttpContext) {
    await EmailChange.withdraw(auth.use('web').getUserOrFail())
    session.flash('notice', { kind: 'success', message: i18n.t('account.email_kept') })
    return response.redirect().toPath('/account/profile')
  }
}
