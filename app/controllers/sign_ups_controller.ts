import type { HttpContext } from '@adonisjs/core/http'
import { IANAZone } from 'luxon'
import { DEFAULT_TIME_ZONE } from '#config/i18n'
import { SIGNED_UP, type SignedUp } from '#controllers/email_verifications_controller'
import SignUp from '#models/sign_up'
import { inEvenTime } from '#services/even_time'
import { allowMailTo } from '#start/limiter'
import { signUpValidator } from '#validators/account'

/** The answer is the same whether or not the address has an account; its owner reads the difference. */
export default class SignUpsController {
  async create({ view }: HttpContext) {
    return view.render('pages/sign_ups/create')
  }

  async store({ request, response, session, i18n }: HttpContext) {
    const order = await request.validateUsing(signUpValidator)
    await allowMailTo(order.email)
    const user = await inEvenTime(() =>
      SignUp.take({
        email: order.email,
        password: order.password,
        organizationName: order.organization,
        locale: i18n.locale,
        timeZone: knownZone(order.time_zone),
      })
    )
    // Only here it is known whether this browser may go in by itself once the address is proven.
    const signedUp: SignedUp = { email: order.email, userId: user?.id ?? null }
    session.put(SIGNED_UP, signedUp)
    return response.redirect().toPath('/verify-email')
  }
}

function knownZone(zone: string | null | undefined): string {
  return zone && IANAZone.isValidZone(zone) ? zone : DEFAULT_TIME_ZONE
}
