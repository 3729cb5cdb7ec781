import type { HttpContext } from '@adonisjs/core/http'
import { organizationLog } from '#models/audit_log'
import OrganizationPolicy from '#policies/organization_policy'
import { apiAuditEvent } from '#transformers/api/v1/audit_event'
import { apiPage } from '#transformers/api/v1/page'
import { auditFilter } from '#validators/audit_filter'
import { pageOf } from '#validators/instance_list'

/** The organization's own part of the audit log. */
export default class ActivityController {
  async index({ auth, organization, membership, bouncer, request, i18n }: HttpContext) {
    await bouncer.with(OrganizationPolicy).authorize('viewActivity', membership)
    const asked = request.qs()
    const filter = auditFilter(asked, auth.getUserOrFail().timeZone)
    const page = await organizationLog(organization, filter, pageOf(asked).cursor)
    return apiPage(page, (event) => apiAuditEvent(event, i18n))
  }
}
