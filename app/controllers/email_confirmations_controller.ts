import type { HttpContext } from '@adonisjs/core/http'
import EmailChange from '#models/email_change'
import UserToken from '#models/user_token'

/** The link in the new mailbox of somebody who moves. */
export default class EmailConfirmationsController {
  async show({ params, view }: HttpContext) {
    const token = await UserToken.findValid(params.token, 'change_email')
    return view.render('pages/email_confirmations/show', {
      email: token.email,
      action: `/confirm-email/${params.token}`,
    })
  }

  async update({ params, session, response, i18n }: HttpContext) {
    const { email } = await EmailChange.confirm(params.token)
    session.flash('notice', {
      kind: 'success',
      message: i18n.t('verify_email.changed', { email }),
    })
    return response.redirect().toPath('/')
  }
}
