import type { HttpContext } from '@adonisjs/core/http'
import License from '#models/license'
import StaffPolicy from '#policies/staff_policy'
import { licenseReasonValidator } from '#validators/license'

/** For good. */
export default class RevocationsController {
  async store({ bouncer, params, request, response, auth }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const license = await License.findByOrFail('uid', params.license_id)
    const { reason } = await request.validateUsing(licenseReasonValidator)
    await license.revoke(reason, auth.getUserOrFail())
    return response.redirect().toPath(`/admin/licenses/${license.uid}`)
  }
}
