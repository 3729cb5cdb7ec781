import type { HttpContext } from '@adonisjs/core/http'
import { listInstances } from '#models/instance_list'
import StaffPolicy from '#policies/staff_policy'
import { batchBar } from '#transformers/batch'
import { instanceListPage } from '#transformers/instance_list'
import { instanceListRequest } from '#validators/instance_list'

export default class InstancesController {
  async index({ request, bouncer, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('read')
    const asked = instanceListRequest(request.qs(), { staff: true })
    const page = await listInstances(null, asked)
    return view.render('pages/admin/instances/index', {
      list: instanceListPage('/admin', page, asked),
      bar: batchBar(
        '/admin/batches',
        [...page.creating, ...page.rows],
        asked.search.text,
        null,
        await bouncer.with(StaffPolicy).allows('act')
      ),
    })
  }
}
