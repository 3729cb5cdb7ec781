import type { HttpContext } from '@adonisjs/core/http'
import Membership from '#models/membership'
import { LAST_ORGANIZATION } from '#middleware/organization_middleware'

/** Signed in: where one was last, in this browser. Signed out: the door. */
export default class HomeController {
  async index({ auth, request, response }: HttpContext) {
    const user = auth.use('web').user
    if (!user) return response.redirect().toPath('/sign-in')
    const mine = await Membership.switcher(user.id)
    const last = request.plainCookie(LAST_ORGANIZATION)
    const home = mine.find(({ slug }) => slug === last) ?? mine[0]
    if (home) return response.redirect().toPath(`/o/${home.slug}`)
    return response.redirect().toPath(user.isStaff ? '/admin' : '/account')
  }
}
