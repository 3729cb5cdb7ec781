import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { ScopeMissing } from '#exceptions/domain_error'
import type { Scope } from '#models/types'

/** What a token may be used for. Whoever signed in with their password may all that their role allows. */
export default class ScopeMiddleware {
  async handle({ auth }: HttpContext, next: NextFn, scope: Scope) {
    const token = auth.use('api').user?.currentAccessToken
    if (token && !token.allows(scope)) throw new ScopeMissing({ scope })
    return next()
  }
}
