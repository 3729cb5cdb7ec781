import { policies } from '#generated/policies'
import type User from '#models/user'
import { Bouncer } from '@adonisjs/bouncer'
import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'

export default class InitializeBouncerMiddleware {
  handle(ctx: HttpContext, next: NextFn) {
    const asker = () => (ctx.visit ? ctx.membership.user : (ctx.auth.user ?? null))
    ctx.bouncer = new Bouncer(asker, {}, policies).setContainerResolver(ctx.containerResolver)
    if ('view' in ctx) ctx.view.share(ctx.bouncer.edgeHelpers)
    return next()
  }
}

declare module '@adonisjs/core/http' {
  export interface HttpContext {
    bouncer: Bouncer<User, Record<never, never>, typeof policies>
  }
}
