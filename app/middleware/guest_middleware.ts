import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'

export default class GuestMiddleware {
  handle({ auth, response }: HttpContext, next: NextFn) {
    return auth.use('web').user ? response.redirect().toPath('/') : next()
  }
}
