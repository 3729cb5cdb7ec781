import type { HttpContext } from '@adonisjs/core/http'
import Instance from '#models/instance'
import Interface from '#models/interface'
import InterfacePolicy from '#policies/interface_policy'
import { interfacePage } from '#transformers/interface'

/** What would go with a network card, before it does. */
export default class DeletionsController {
  async create({ organization, membership, home, params, bouncer, view }: HttpContext) {
    await bouncer.with(InterfacePolicy).authorize('detach', membership)
    const instance = await Instance.forPage(organization, params.instance_id)
    const card = await Interface.of(instance, params.id)
    return view.render('pages/instances/interfaces/delete', {
      page: interfacePage(instance, card, { membership, home }),
    })
  }
}
