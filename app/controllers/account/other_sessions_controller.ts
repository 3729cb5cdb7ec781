import type { HttpContext } from '@adonisjs/core/http'

/** All but the one that asks. */
export default class OtherSessionsController {
  async destroy({ auth, response, session, i18n }: HttpContext) {
    await auth.use('web').getUserOrFail().endOtherSessions()
    session.flash('notice', { kind: 'success', message: i18n.t('account.other_sessions_ended') })
    return response.redirect().toPath('/account/sessions')
  }
}
