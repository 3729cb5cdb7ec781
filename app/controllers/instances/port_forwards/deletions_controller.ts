import type { HttpContext } from '@adonisjs/core/http'
import Instance from '#models/instance'
import PortForward from '#models/port_forward'
import PortForwardPolicy from '#policies/port_forward_policy'
import { forwardDeletionPage } from '#transformers/port_forward'
import { asList } from '#validators/as_list'

/** Which forwards would go, before they do. */
export default class DeletionsController {
  async create(ctx: HttpContext) {
    const { organization, membership, home, params, request, bouncer, response, view } = ctx
    await bouncer.with(PortForwardPolicy).authorize('destroy', membership)
    const instance = await Instance.forPage(organization, params.instance_id)
    const asked = asList(request.qs().forwards)
    const forwards = await PortForward.among(
      instance,
      Array.isArray(asked) ? asked.map(String) : []
    )
    const page = forwardDeletionPage(instance, forwards, { membership, home })
    if (forwards.length === 0) return response.redirect().toPath(page.path)
    return view.render('pages/instances/port_forwards/delete', { page })
  }
}
