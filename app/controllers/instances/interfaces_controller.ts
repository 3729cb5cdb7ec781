import type { HttpContext } from '@adonisjs/core/http'
import Instance from '#models/instance'
import Interface from '#models/interface'
import InterfacePolicy from '#policies/interface_policy'
import { interfacesPage } from '#transformers/interface'
import { attachNetworkValidator, detachNetworkValidator } from '#validators/interface'

/** The networks an instance is on. */
export default class InterfacesController {
  async index({ organization, membership, home, params, bouncer, view }: HttpContext) {
    await bouncer.with(InterfacePolicy).authorize('view', membership)
    const instance = await Instance.forPage(organization, params.instance_id)
    await instance.load('addresses', (addresses) =>
      addresses.preload('addressPool').orderBy('family')
    )
    const further = await Interface.ofInstance(instance)
    const choices = await Interface.choices(instance)
    return view.render('pages/instances/interfaces/index', {
      page: interfacesPage(instance, further, choices, { membership, home }),
    })
  }

  async store(ctx: HttpContext) {
    const { organization, membership, home, params, request, bouncer, auth, response } = ctx
    await bouncer.with(InterfacePolicy).authorize('attach', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const wish = await request.validateUsing(attachNetworkValidator)
    const operation = await instance.attachNetwork({
      network: { name: wish.network },
      by: auth.getUserOrFail(),
      requestKey: wish.request_key,
    })
    return response.redirect().toPath(`${home}/operations/${operation.uid}`)
  }

  async destroy(ctx: HttpContext) {
    const { organization, membership, home, params, request, bouncer, auth, response } = ctx
    await bouncer.with(InterfacePolicy).authorize('detach', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const card = await Interface.of(instance, params.id)
    const { request_key: requestKey } = await request.validateUsing(
      detachNetworkValidator(card.name)
    )
    const operation = await card.detach(instance, { by: auth.getUserOrFail(), requestKey })
    return response.redirect().toPath(`${home}/operations/${operation.uid}`)
  }
}
