import type { HttpContext } from '@adonisjs/core/http'
import { askerOf } from '#controllers/asker'
import Instance from '#models/instance'
import InstancePolicy from '#policies/instance_policy'
import { powerValidator } from '#validators/instance'

/** The power state a person wants an instance to have. */
export default class PowerStatesController {
  async store(ctx: HttpContext) {
    const { organization, membership, home, params, request, bouncer, response } = ctx
    await bouncer.with(InstancePolicy).authorize('power', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const { action, request_key: key } = await request.validateUsing(powerValidator)
    const operation = await instance.power(action, askerOf(ctx), key)
    return response.redirect().toPath(`${home}/operations/${operation.uid}`)
  }
}
