import type { HttpContext } from '@adonisjs/core/http'
import Membership from '#models/membership'
import { meOf } from '#transformers/me'
import { sentProfileValidator } from '#validators/account'

/** How the token's owner is called and spoken to. */
export default class ProfilesController {
  async update({ auth, request }: HttpContext) {
    const wish = await request.validateUsing(sentProfileValidator)
    const { locale, time_zone: timeZone } = wish
    const user = auth.getUserOrFail()
    const fullName = wish.full_name === undefined ? user.fullName : wish.full_name
    await user.changeProfile({ fullName, locale, timeZone })
    return { data: meOf(user, await Membership.switcher(user.id)) }
  }
}
