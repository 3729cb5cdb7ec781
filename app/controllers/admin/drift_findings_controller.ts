import type { HttpContext } from '@adonisjs/core/http'
import Cluster from '#models/cluster'
import DriftFinding from '#models/drift_finding'
import { listDrift } from '#models/drift_list'
import StaffPolicy from '#policies/staff_policy'
import { driftListPage, driftPage } from '#transformers/drift'
import { driftRequest } from '#validators/drift'

/** Where clusters are not as they should be, of all of them. */
export default class DriftFindingsController {
  async index({ bouncer, request, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('read')
    const { filter, cursor } = driftRequest(request.qs())
    const page = await listDrift(filter, cursor)
    const clusters = await Cluster.present().orderBy('name').select('uid', 'name')
    return view.render('pages/admin/drift/index', {
      list: driftListPage('/admin/drift', page, filter, clusters),
    })
  }

  async show({ bouncer, params, view }: HttpContext) {
    const policy = bouncer.with(StaffPolicy)
    await policy.authorize('read')
    const finding = await DriftFinding.presentAs(params.id)
    const can = { act: await policy.allows('act'), configure: await policy.allows('configure') }
    return view.render('pages/admin/drift/show', { finding: driftPage(finding, can), can })
  }
}
