import type { HttpContext } from '@adonisjs/core/http'
import Membership from '#models/membership'
import { meOf } from '#transformers/me'

/** Whose token this is. */
export default class MeController {
  async show({ auth }: HttpContext) {
    const user = auth.getUserOrFail()
    return { data: meOf(user, await Membership.switcher(user.id)) }
  }
}
