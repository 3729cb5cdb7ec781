import type { HttpContext } from '@adonisjs/core/http'

export default class HomeController {
  async index({ response, auth }: HttpContext) {
    return response.redirect().toPath(auth.user ? '/organizations' : '/sign-in')
  }
}
