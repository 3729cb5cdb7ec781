import type { HttpContext } from '@adonisjs/core/http'
import Instance from '#models/instance'
import InstancePolicy from '#policies/instance_policy'
import { instancePage } from '#transformers/instance'

/** What would go with an instance, before it does. */
export default class DeletionsController {
  async create({ organization, membership, home, params, bouncer, view }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('destroy', membership)
    const instance = await Instance.forPage(organization, params.instance_id)
    await instance.loadForOverview()
    return view.render('pages/instances/delete', {
      instance: instancePage(instance, { membership, home }),
    })
  }
}
