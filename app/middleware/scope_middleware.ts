import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { ScopeMissing } from '#exceptions/domain_error'
import type { Scope } from '#models/types'

/** What a token may be used for. Whoever signed in with their password may all that their role allows. */
export default class ScopeMiddleware {
  async handle(ctx: HttpContext, next: NextFn, scope: Scope) {
    requireScope(ctx, scope)
    return next()
  }
}

/** For what the route alone does not tell. @throws ScopeMissing */
export function requireScope({ auth }: HttpContext, scope: Scope): void {
  const token = auth.use('api').user?.currentAccessToken
  if (token && !token.allows(scope)) throw new ScopeMissing({ scope })
}
