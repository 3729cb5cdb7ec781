import BaseMiddleware from '@adonisjs/shield/shield_middleware'
import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { isStateless } from '#config/session'

/**
 * A page's policy with its nonce, and its CSRF token. What comes without a cookie shows no page and cannot be
 * made to act in somebody's name; the random numbers for it were a tenth of the work of a call to the API.
 */
export default class ShieldMiddleware {
  async handle(ctx: HttpContext, next: NextFn) {
    if (isStateless(ctx.request)) return next()
    const inner = await ctx.containerResolver.make(BaseMiddleware)
    return inner.handle(ctx, next)
  }
}
