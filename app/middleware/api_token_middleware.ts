import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'

/** The JSON API: a bearer token and nothing else; a browser's session opens no route here. */
export default class ApiTokenMiddleware {
  async handle({ auth, response, i18n }: HttpContext, next: NextFn) {
    const known = await auth.checkUsing(['api'])
    if (known && auth.getUserOrFail().isVerified && !auth.getUserOrFail().isDisabled) return next()
    const code = 'E_UNAUTHENTICATED'
    return response
      .header('WWW-Authenticate', 'Bearer')
      .status(401)
      .send({ error: { code, message: i18n.t('errors.E_INVALID_API_TOKEN') } })
  }
}
