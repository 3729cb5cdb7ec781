import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { isLocale, useLocale } from '#middleware/detect_locale_middleware'

/** Loads who is signed in, once a request, and speaks their language. */
export default class SignedInUserMiddleware {
  async handle(ctx: HttpContext, next: NextFn) {
    if (ctx.session.initiated && ctx.session.has(ctx.auth.use('web').sessionKeyName)) {
      await ctx.auth.use('web').check()
      const user = ctx.auth.use('web').user
      if (user && isLocale(user.locale)) useLocale(ctx, user.locale)
    }
    return next()
  }
}
