import type { HttpContext } from '@adonisjs/core/http'
import { PlanNotOffered } from '#exceptions/domain_error'
import Instance from '#models/instance'
import { choicesOfSize, plansFor } from '#models/resize'
import InstancePolicy from '#policies/instance_policy'
import { resizePage } from '#transformers/instance_deeds'
import { resizeInstanceValidator } from '#validators/instance'

/** The plan of an instance, and another one for it. */
export default class PlansController {
  async show({ organization, membership, home, params, bouncer, view }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('resize', membership)
    const instance = await Instance.forPage(organization, params.instance_id)
    const choices = await choicesOfSize(instance)
    return view.render('pages/instances/plan/show', {
      page: resizePage(instance, choices, { membership, home }),
    })
  }

  async update(ctx: HttpContext) {
    const { organization, membership, home, params, request, bouncer, auth, response } = ctx
    await bouncer.with(InstancePolicy).authorize('resize', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const wish = await request.validateUsing(resizeInstanceValidator)
    const plans = await plansFor(instance)
    const plan = plans.find(({ uid }) => uid === wish.plan)
    if (!plan) throw new PlanNotOffered()
    const by = auth.getUserOrFail()
    const operation = await instance.resize({ plan, by, requestKey: wish.request_key })
    return response.redirect().toPath(`${home}/operations/${operation.uid}`)
  }
}
