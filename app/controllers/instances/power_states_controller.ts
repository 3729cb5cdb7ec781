import type { HttpContext } from '@adonisjs/core/http'
import InstancePolicy from '#policies/instance_policy'
import { powerValidator } from '#validators/instance'

/** The power state a person wants an instance to have. */
export default class PowerStatesController {
  async store({ organization, membership, params, request, bouncer, auth, response }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('power', membership)
    const instance = await organization.instance(params.instance_id)
    const { action, request_key: key } = await request.validateUsing(powerValidator)
    const operation = await instance.power(action, auth.getUserOrFail(), key)
    return response.redirect().toPath(`/o/${organization.slug}/operations/${operation.uid}`)
  }
}
