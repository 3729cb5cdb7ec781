import type { HttpContext } from '@adonisjs/core/http'
import { accepted } from '#controllers/api/v1/accepted'
import { withOpenOperation } from '#controllers/api/v1/instances/found'
import Instance from '#models/instance'
import Interface from '#models/interface'
import InterfacePolicy from '#policies/interface_policy'
import { apiFirstInterface, apiInterface } from '#transformers/api/v1/interface'
import { networkValidator } from '#validators/interface'

export default class InterfacesController {
  async index(ctx: HttpContext) {
    await ctx.bouncer.with(InterfacePolicy).authorize('view', ctx.membership)
    const instance = await withOpenOperation(ctx)
    await instance.load('addresses', (addresses) =>
      addresses.preload('addressPool').orderBy('family')
    )
    const further = await Interface.ofInstance(instance)
    return {
      data: [
        apiFirstInterface(instance),
        ...further.map((card) => apiInterface(card, instance.openOperation)),
      ],
    }
  }

  async store(ctx: HttpContext) {
    const { organization, membership, params, request, bouncer, auth } = ctx
    await bouncer.with(InterfacePolicy).authorize('attach', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const wish = await request.validateUsing(networkValidator)
    const operation = await instance.attachNetwork({
      network: { name: wish.network },
      by: auth.getUserOrFail(),
      requestKey: ctx.requestKey ?? null,
    })
    return accepted(ctx, instance, operation)
  }

  async destroy(ctx: HttpContext) {
    const { organization, membership, params, bouncer, auth } = ctx
    await bouncer.with(InterfacePolicy).authorize('detach', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const card = await Interface.of(instance, params.id)
    const by = auth.getUserOrFail()
    const operation = await card.detach(instance, { by, requestKey: ctx.requestKey ?? null })
    return accepted(ctx, instance, operation)
  }
}
