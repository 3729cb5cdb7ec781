import type { HttpContext } from '@adonisjs/core/http'
import Instance from '#models/instance'
import InstancePolicy from '#policies/instance_policy'
import { consolePage } from '#transformers/console'
import { instanceFrame } from '#transformers/instance_frame'
import { consoleRequest } from '#validators/console'

/** A terminal of the instance in the browser. */
export default class ConsolesController {
  async show({ organization, membership, home, params, request, bouncer, view }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('view', membership)
    const instance = await Instance.forPage(organization, params.instance_id)
    const frame = instanceFrame(instance, { membership, home }, 'console')
    const kinds = await instance.cluster.consoleKinds()
    return view.render('pages/instances/consoles/show', {
      frame,
      terminal: consolePage(instance, membership, frame.path, {
        kinds,
        chosen: consoleRequest(request.qs(), kinds),
      }),
    })
  }
}
