import type { HttpContext } from '@adonisjs/core/http'
import { organizationLog } from '#models/audit_log'
import OrganizationPolicy from '#policies/organization_policy'
import { tenantAuditEvent } from '#transformers/audit_event'
import { auditList } from '#transformers/audit_list'
import { auditFilter } from '#validators/audit_filter'

/** The organization's own part of the audit log. */
export default class ActivityController {
  async index({ auth, organization, membership, bouncer, request, view, i18n }: HttpContext) {
    await bouncer.with(OrganizationPolicy).authorize('viewActivity', membership)
    const typed = request.qs()
    const page = await organizationLog(
      organization,
      auditFilter(typed, auth.getUserOrFail().timeZone),
      typed
    )
    return view.render('pages/organizations/activity/index', {
      ...auditList(typed, `/o/${organization.slug}/activity`, i18n),
      events: page.rows.map((event) => tenantAuditEvent(event, i18n)),
      page,
      organizationPath: `/o/${organization.slug}`,
      viewActivity: true,
    })
  }

  async show({ organization, membership, bouncer, params, view, i18n }: HttpContext) {
    await bouncer.with(OrganizationPolicy).authorize('viewActivity', membership)
    const event = await organization
      .related('auditEvents')
      .query()
      .where('uid', params.id)
      .firstOrFail()
    return view.render('pages/organizations/activity/show', {
      path: `/o/${organization.slug}/activity`,
      event: tenantAuditEvent(event, i18n),
    })
  }
}
