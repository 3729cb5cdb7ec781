import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { wantsJson } from '#exceptions/handler'

export type AuthOptions = {
  /** Also for people whose address is not proven yet. */
  unverified?: boolean
}

/** Signed in, with a proven address; else on to the page where one becomes so. */
export default class AuthMiddleware {
  async handle(ctx: HttpContext, next: NextFn, options: AuthOptions = {}) {
    const { auth, request, response, session, i18n } = ctx
    const user = auth.use('web').user
    if (user?.isVerified || (user && options.unverified)) return next()

    const code = user ? 'E_EMAIL_NOT_VERIFIED' : 'E_UNAUTHENTICATED'
    if (wantsJson(ctx)) {
      return response
        .status(user ? 403 : 401)
        .send({ error: { code, message: i18n.t(`errors.${code}`) } })
    }
    if (request.method() === 'GET') session.put('return_to', request.url(true))
    return response.redirect().toPath(user ? '/verify-email' : '/sign-in')
  }
}
