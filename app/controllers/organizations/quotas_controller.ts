import type { HttpContext } from '@adonisjs/core/http'
import OrganizationPolicy from '#policies/organization_policy'
import { quotaList } from '#transformers/quota'

export default class QuotasController {
  async index({ organization, membership, bouncer, view }: HttpContext) {
    const policy = bouncer.with(OrganizationPolicy)
    await policy.authorize('viewQuotas', membership)
    return view.render('pages/organizations/quotas/index', {
      quotas: quotaList(await organization.related('quotas').query()),
      organizationPath: `/o/${organization.slug}`,
      viewActivity: await policy.allows('viewActivity', membership),
    })
  }
}
