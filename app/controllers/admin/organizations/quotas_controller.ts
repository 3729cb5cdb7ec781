import type { HttpContext } from '@adonisjs/core/http'
import Organization from '#models/organization'
import Quota from '#models/quota'
import StaffPolicy from '#policies/staff_policy'
import { updateQuotasValidator } from '#validators/quota'

export default class QuotasController {
  async update({ bouncer, params, request, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const { reason, ...maxima } = await request.validateUsing(updateQuotasValidator)
    const organization = await Organization.findByOrFail('uid', params.id)
    const changed = await Quota.decide(organization, maxima, reason)
    const message = i18n.t(changed ? 'quotas.saved' : 'quotas.unchanged')
    session.flash('notice', { kind: changed ? 'success' : 'info', message })
    return response.redirect().toPath(`/admin/organizations/${organization.uid}`)
  }
}
