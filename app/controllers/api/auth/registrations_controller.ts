import type { HttpContext } from '@adonisjs/core/http'
import { apiLogin } from '#config/api'
import { DEFAULT_TIME_ZONE } from '#config/i18n'
import { RegistrationClosed, UserExists } from '#exceptions/domain_error'
import Registration from '#models/registration'
import { allowMailTo } from '#start/limiter'
import { registrationValidator } from '#validators/api_auth'

export default class RegistrationsController {
  async store({ request, response, i18n }: HttpContext) {
    if (!apiLogin.isRegistrationOpen) throw new RegistrationClosed()
    const { username, password, email } = await request.validateUsing(registrationValidator)
    if (email) await allowMailTo(email)
    const user = await Registration.take({
      username,
      password,
      email: email ?? null,
      locale: i18n.locale,
      timeZone: DEFAULT_TIME_ZONE,
    })
    if (!user) throw new UserExists()
    return response.created({ msg: 'User created' })
  }
}
