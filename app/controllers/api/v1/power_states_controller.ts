import type { HttpContext } from '@adonisjs/core/http'
import { accepted } from '#controllers/api/v1/accepted'
import Instance from '#models/instance'
import InstancePolicy from '#policies/instance_policy'
import { powerValidator } from '#validators/instance'

export default class PowerStatesController {
  async store(ctx: HttpContext) {
    const { organization, membership, params, request, bouncer, auth } = ctx
    await bouncer.with(InstancePolicy).authorize('power', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const { action } = await request.validateUsing(powerValidator)
    const operation = await instance.power(action, auth.getUserOrFail(), ctx.requestKey ?? null)
    return accepted(ctx, instance, operation)
  }
}
