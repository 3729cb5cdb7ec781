import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { isLocale, useLocale } from '#middleware/detect_locale_middleware'

/**
 * Finds out who is signed in, once a request, and speaks their language. A session that was ended, here or
 * from elsewhere, is a visitor's from this request on.
 */
export default class SignedInUserMiddleware {
  async handle(ctx: HttpContext, next: NextFn) {
    const { auth, session, i18n } = ctx
    const { sessionKeyName } = auth.use('web')
    if (!session.has(sessionKeyName)) return next()

    if (await auth.check()) {
      const user = auth.getUserOrFail()
      if (isLocale(user.locale)) useLocale(ctx, user.locale)
      await user.currentSession?.markSeen()
    } else {
      session.forget(sessionKeyName)
      session.flash('notice', { kind: 'info', message: i18n.t('sign_in.session_over') })
    }
    return next()
  }
}
