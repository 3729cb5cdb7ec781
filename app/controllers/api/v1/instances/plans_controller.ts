import type { HttpContext } from '@adonisjs/core/http'
import { accepted } from '#controllers/api/v1/accepted'
import { PlanNotOffered } from '#exceptions/domain_error'
import Instance from '#models/instance'
import { choicesOfSize, plansFor } from '#models/resize'
import InstancePolicy from '#policies/instance_policy'
import { apiPlanChoice } from '#transformers/api/v1/offer'
import { apiPageAmong } from '#transformers/api/v1/page'
import { resizeInstanceValidator } from '#validators/instance'
import { pageOf } from '#validators/instance_list'

export default class PlansController {
  /** To what an instance can be changed, and what is in the way. */
  async index({ organization, membership, params, request, bouncer }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('view', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const choices = await choicesOfSize(instance)
    return apiPageAmong(choices.map(apiPlanChoice), pageOf(request.qs()))
  }

  async update(ctx: HttpContext) {
    const { organization, membership, params, request, bouncer, auth } = ctx
    await bouncer.with(InstancePolicy).authorize('resize', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const wish = await request.validateUsing(resizeInstanceValidator)
    const plans = await plansFor(instance)
    const plan = plans.find(({ uid }) => uid === wish.plan)
    if (!plan) throw new PlanNotOffered()
    const by = auth.getUserOrFail()
    const operation = await instance.resize({ plan, by, requestKey: ctx.requestKey })
    return accepted(ctx, instance, operation)
  }
}
