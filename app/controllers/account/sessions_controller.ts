import type { HttpContext } from '@adonisjs/core/http'
import { describeAgent } from '#transformers/user_agent'

/** Where one is signed in, and how to end that. */
export default class SessionsController {
  async index({ auth, view }: HttpContext) {
    const user = auth.use('web').getUserOrFail()
    const open = await user.openSessions()
    const sessions = open.map((session) => ({
      uid: session.uid,
      agent: describeAgent(session.userAgent),
      ipAddress: session.ipAddress,
      lastSeenAt: session.lastSeenAt,
      createdAt: session.createdAt,
      method: session.method,
      isCurrent: session.id === user.currentSession?.id,
    }))
    return view.render('pages/account/sessions/index', { sessions })
  }

  async destroy({ auth, params, response, session, i18n }: HttpContext) {
    await auth.use('web').getUserOrFail().endSession(params.id)
    session.flash('notice', { kind: 'success', message: i18n.t('account.session_ended') })
    return response.redirect().toPath('/account/sessions')
  }
}
