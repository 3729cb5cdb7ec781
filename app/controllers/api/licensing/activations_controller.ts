import type { HttpContext } from '@adonisjs/core/http'
import Activation from '#models/activation'
import { activationValidator } from '#validators/license'

export default class ActivationsController {
  async store({ license, request, response }: HttpContext) {
    const { fingerprint, name = null } = await request.validateUsing(activationValidator)
    await license.ensureOpen()
    const activation = await Activation.activate(license, { fingerprint, name })
    return response.created({ activation: activation.uid, fingerprint: activation.fingerprint })
  }

  async destroy({ license, params, response }: HttpContext) {
    const activation = await license
      .related('activations')
      .query()
      .where('uid', params.id)
      .whereNull('deactivated_at')
      .firstOrFail()
    await activation.deactivate()
    return response.noContent()
  }
}
