import type { HttpContext } from '@adonisjs/core/http'
import Instance from '#models/instance'
import { listOperations } from '#models/operation_list'
import InstancePolicy from '#policies/instance_policy'
import { instanceFrame } from '#transformers/instance_frame'
import { operationListPage } from '#transformers/operation_list'
import { operationListRequest } from '#validators/operation_list'

/** All that was ever done with an instance, newest first. */
export default class HistoryController {
  async show({ organization, membership, home, params, request, bouncer, view }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('view', membership)
    const instance = await Instance.forPage(organization, params.instance_id)
    const asked = { ...operationListRequest(request.qs()), instance: instance.uid }
    const page = await listOperations(organization, asked)
    const frame = instanceFrame(instance, { membership, home }, 'history')
    return view.render('pages/instances/history/show', {
      frame,
      list: operationListPage(home, page, asked, `${frame.path}/history`),
    })
  }
}
