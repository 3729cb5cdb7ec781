import type { HttpContext } from '@adonisjs/core/http'
import { validateOnline } from '#models/license_validation'

export default class HeartbeatsController {
  async store({ license, params, response }: HttpContext) {
    const activation = await license
      .related('activations')
      .query()
      .where('uid', params.id)
      .whereNull('deactivated_at')
      .firstOrFail()
    await activation.beat()
    const { fingerprint } = activation
    return response.send({ code: await validateOnline(license, { fingerprint, product: null }) })
  }
}
