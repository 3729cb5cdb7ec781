import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { isAllowedFrom } from '#addressing/allowed'
import { InvalidApiToken } from '#exceptions/domain_error'
import ApiToken from '#models/api_token'
import type { ApiAccessToken } from '#models/concerns/api_tokens'
import { allowTokenCall } from '#start/limiter'

type Options = {
  /** Also whoever signed in over /api/auth/login. */
  logins?: true
}

/** The JSON API: a bearer token and nothing else; a browser's session opens no route here. */
export default class ApiTokenMiddleware {
  async handle({ auth, request, response }: HttpContext, next: NextFn, { logins }: Options = {}) {
    response.header('cache-control', 'no-store')
    const known = await auth.checkUsing(logins ? ['login', 'api'] : ['api'])
    if (known && auth.getUserOrFail().isVerified && !auth.getUserOrFail().isDisabled) {
      const token = auth.use('api').user?.currentAccessToken as ApiAccessToken | undefined
      if (!token) return next()
      // One that is used from elsewhere is answered like one that never was.
      if (isAllowedFrom(request.ip(), token.bounds.allowedAddresses)) {
        await allowTokenCall(token.identifier, token.bounds.requestsPerMinute)
        await ApiToken.touch(token, request.ip())
        return next()
      }
    }
    response.header('WWW-Authenticate', 'Bearer')
    throw new InvalidApiToken()
  }
}
