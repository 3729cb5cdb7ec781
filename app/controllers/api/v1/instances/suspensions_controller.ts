import type { HttpContext } from '@adonisjs/core/http'
import { acceptedOrDone } from '#controllers/api/v1/accepted'
import Instance from '#models/instance'
import InstancePolicy from '#policies/instance_policy'
import { apiSuspension } from '#transformers/api/v1/suspension'
import { liftForResaleValidator, suspendForResaleValidator } from '#validators/suspension'

export default class SuspensionsController {
  /** Why an instance may not run; nothing here: it may. */
  async index({ organization, membership, params, bouncer }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('view', membership)
    const instance = await Instance.of(organization, params.instance_id)
    await instance.load('suspensions', (open) => open.whereNotNull('open_on').orderBy('id'))
    return { data: instance.suspensions.map(apiSuspension) }
  }

  /** Asked again, it stays as it is. */
  async store(ctx: HttpContext) {
    const { organization, membership, params, request, bouncer, auth } = ctx
    await bouncer.with(InstancePolicy).authorize('suspend', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const { reason, note } = await request.validateUsing(suspendForResaleValidator)
    const by = auth.getUserOrFail()
    const order = { by, note, requestKey: ctx.requestKey }
    const { operation } = await instance.suspend(reason, order)
    return acceptedOrDone(ctx, instance, operation)
  }

  /** What is lifted already is lifted. */
  async destroy(ctx: HttpContext) {
    const { organization, membership, params, request, bouncer, auth } = ctx
    await bouncer.with(InstancePolicy).authorize('suspend', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const { params: asked } = await request.validateUsing(liftForResaleValidator)
    const { reason } = asked
    const open = await instance
      .related('suspensions')
      .query()
      .where({ reason })
      .whereNotNull('open_on')
    if (open.length === 0) return acceptedOrDone(ctx, instance, null)
    const order = { by: auth.getUserOrFail(), requestKey: ctx.requestKey }
    const { operation } = await instance.unsuspend(reason, order)
    return acceptedOrDone(ctx, instance, operation)
  }
}
