import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { InvalidApiToken } from '#exceptions/domain_error'

/** The JSON API: a bearer token and nothing else; a browser's session opens no route here. */
export default class ApiTokenMiddleware {
  async handle({ auth, response }: HttpContext, next: NextFn) {
    response.header('cache-control', 'no-store')
    const known = await auth.checkUsing(['api'])
    if (known && auth.getUserOrFail().isVerified && !auth.getUserOrFail().isDisabled) return next()
    response.header('WWW-Authenticate', 'Bearer')
    throw new InvalidApiToken()
  }
}
