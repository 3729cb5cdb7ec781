import type { HttpContext } from '@adonisjs/core/http'
import AuditEvent from '#models/audit_event'
import { platformLog } from '#models/audit_log'
import StaffPolicy from '#policies/staff_policy'
import { staffAuditEvent } from '#transformers/audit_event'
import { auditList } from '#transformers/audit_list'
import { auditFilter } from '#validators/audit_filter'

export default class AuditEventsController {
  async index({ auth, bouncer, request, view, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('read')
    const typed = request.qs()
    const page = await platformLog(auditFilter(typed, auth.getUserOrFail().timeZone), typed)
    return view.render('pages/admin/audit_events/index', {
      ...auditList(typed, '/admin/audit', i18n),
      events: page.rows.map((event) => staffAuditEvent(event, i18n)),
      page,
      staff: true,
    })
  }

  async show({ bouncer, params, view, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('read')
    const event = await AuditEvent.query()
      .where('uid', params.id)
      .preload('organization')
      .firstOrFail()
    return view.render('pages/admin/audit_events/show', {
      event: staffAuditEvent(event, i18n),
    })
  }
}
