import type { HttpContext } from '@adonisjs/core/http'
import OrganizationPolicy from '#policies/organization_policy'

export default class QuotasController {
  async index({ organization, membership, bouncer }: HttpContext) {
    await bouncer.with(OrganizationPolicy).authorize('viewQuotas', membership)
    const quotas = await organization.related('quotas').query().orderBy('id')
    return {
      data: quotas.map(({ resource, maximum, used }) => ({ resource, maximum, used })),
    }
  }
}
