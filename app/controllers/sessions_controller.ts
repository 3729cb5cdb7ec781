import type { HttpContext } from '@adonisjs/core/http'
import { passwordAccepted, recordRefusal } from '#controllers/sessions/ceremony'
import { fieldError } from '#exceptions/field_error'
import AuditEvent from '#models/audit_event'
import User from '#models/user'
import { passkeysWork } from '#services/webauthn'
import { guessAtPassword } from '#start/limiter'
import { signInValidator } from '#validators/account'

const FEW_TRIES = 3

export default class SessionsController {
  async create({ view }: HttpContext) {
    return view.render('pages/sessions/create', { passkeysWork })
  }

  async store(ctx: HttpContext) {
    const { email, password } = await ctx.request.validateUsing(signInValidator)
    const guess = await guessAtPassword(ctx, email)
    const user = await User.withCredentials(email, password)
    if (!user) {
      await recordRefusal(await User.findByEmail(email), 'user.sign_in_failed', email)
      const { left } = guess
      throw fieldError(
        'password',
        left <= FEW_TRIES
          ? ctx.i18n.t('sign_in.wrong_and_few', { left })
          : ctx.i18n.t('sign_in.wrong')
      )
    }
    await guess.right()
    return passwordAccepted(ctx, user)
  }

  async destroy({ auth, session, response }: HttpContext) {
    const user = auth.use('web').user
    if (user) {
      await user.currentSession?.end()
      await AuditEvent.record({
        action: 'user.signed_out',
        organizationId: null,
        subject: user.auditSubject,
      })
      await auth.use('web').logout()
      session.clear()
      session.regenerate()
    }
    return response.redirect().toPath('/sign-in')
  }
}
