import type { HttpContext } from '@adonisjs/core/http'
import { NotPossibleNow } from '#exceptions/domain_error'
import Instance from '#models/instance'
import StaffPolicy from '#policies/staff_policy'

/** Staff begin the count of a month's traffic anew. */
export default class TrafficResetsController {
  async store({ organization, home, params, bouncer, session, i18n, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const instance = await Instance.forPage(organization, params.instance_id)
    if (!instance.traffic) throw new NotPossibleNow()
    await instance.traffic.waive(instance)
    session.flash('notice', { kind: 'success', message: i18n.t('usage.was_reset') })
    return response.redirect().toPath(`${home}/instances/${instance.uid}/usage`)
  }
}
