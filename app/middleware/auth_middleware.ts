import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'

export default class AuthMiddleware {
  async handle({ auth, request, response, session }: HttpContext, next: NextFn) {
    if (auth.use('web').user) return next()
    if (request.accepts(['html', 'json']) === 'json') {
      return response.unauthorized({
        error: { code: 'E_UNAUTHENTICATED', message: 'Sign in first' },
      })
    }
    if (request.method() === 'GET') session.put('return_to', request.url(true))
    return response.redirect().toPath('/sign-in')
  }
}
