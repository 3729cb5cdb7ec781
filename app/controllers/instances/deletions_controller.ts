import type { HttpContext } from '@adonisjs/core/http'
import Instance from '#models/instance'
import InstancePolicy from '#policies/instance_policy'
import { instancePage } from '#transformers/instance'
import { newRequestKey } from '#validators/request_key'

/** What would go with an instance, before it does. */
export default class DeletionsController {
  async create({ organization, membership, params, bouncer, view }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('destroy', membership)
    const instance = await Instance.of(organization, params.instance_id)
    await instance.loadForPage()
    return view.render('pages/instances/delete', {
      instance: instancePage(instance, organization, membership),
      requestKey: newRequestKey(),
    })
  }
}
