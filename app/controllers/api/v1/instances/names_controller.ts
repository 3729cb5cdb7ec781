import type { HttpContext } from '@adonisjs/core/http'
import { acceptedOrDone } from '#controllers/api/v1/accepted'
import Instance from '#models/instance'
import InstancePolicy from '#policies/instance_policy'
import { renameInstanceValidator } from '#validators/instance'

export default class NamesController {
  async update(ctx: HttpContext) {
    const { organization, membership, params, request, bouncer, auth } = ctx
    await bouncer.with(InstancePolicy).authorize('rename', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const { name } = await request.validateUsing(renameInstanceValidator)
    const by = auth.getUserOrFail()
    const operation = await instance.rename({ name, by, requestKey: ctx.requestKey })
    return acceptedOrDone(ctx, instance, operation)
  }
}
