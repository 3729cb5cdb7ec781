import type { HttpContext } from '@adonisjs/core/http'
import { countByPhase } from '#models/instance_list'
import { recentOperations } from '#models/operation_list'
import InstancePolicy from '#policies/instance_policy'
import { overviewPage } from '#transformers/overview'

/** The first page of an organization. */
export default class OverviewController {
  async show({ organization, membership, bouncer, view }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('view', membership)
    const [phases, running, recent, quotas] = await Promise.all([
      countByPhase(organization),
      recentOperations(organization, { open: true, limit: 8 }),
      recentOperations(organization, { open: false, limit: 8 }),
      organization.related('quotas').query(),
    ])
    return view.render('pages/overview/show', {
      overview: overviewPage(organization, { phases, running, recent, quotas }),
      mayCreate: await bouncer.with(InstancePolicy).allows('create', membership),
    })
  }
}
