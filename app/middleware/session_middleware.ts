import { Session } from '@adonisjs/session'
import BaseMiddleware from '@adonisjs/session/session_middleware'
import emitter from '@adonisjs/core/services/emitter'
import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import type { SessionConfig, SessionStoreContract } from '@adonisjs/session/types'
import { isStateless } from '#config/session'

/**
 * Gives a request its session. Probes, metrics and the JSON API come without cookies, again and again; they
 * get an empty one that is thrown away, so that they leave neither rows nor cookies behind.
 */
export default class SessionMiddleware {
  async handle(ctx: HttpContext, next: NextFn) {
    if (!isStateless(ctx.request)) {
      const inner = await ctx.containerResolver.make(BaseMiddleware)
      return inner.handle(ctx, next)
    }
    ctx.session = new Session(NO_COOKIE, () => NOWHERE, emitter, ctx)
    await ctx.session.initiate(false)
    return next()
  }
}

const NO_COOKIE: SessionConfig = { enabled: true, cookieName: 'none', age: 0, cookie: {} }

const NOWHERE: SessionStoreContract = {
  read: () => null,
  write() {},
  destroy() {},
  touch() {},
}
