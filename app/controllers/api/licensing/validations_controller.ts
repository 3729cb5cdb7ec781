import type { HttpContext } from '@adonisjs/core/http'
import { validateOnline } from '#models/license_validation'
import { validationValidator } from '#validators/license'

export default class ValidationsController {
  async store({ license, request, response }: HttpContext) {
    const { fingerprint = null, product = null } = await request.validateUsing(validationValidator)
    const code = await validateOnline(license, { fingerprint, product })
    return response.send({
      valid: code === 'VALID',
      code,
      license: license.uid,
      expires_at: license.expiresAt.toISO(),
      grace_until: license.graceUntil.toISO(),
    })
  }
}
