import type { HttpContext } from '@adonisjs/core/http'
import { lastSecond } from '#controllers/admin/licenses_controller'
import License from '#models/license'
import StaffPolicy from '#policies/staff_policy'
import { renewalValidator } from '#validators/license'

export default class RenewalsController {
  async store({ bouncer, params, request, response, auth }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const license = await License.findByOrFail('uid', params.license_id)
    const { expires } = await request.validateUsing(renewalValidator)
    await license.renew(lastSecond(expires), auth.getUserOrFail())
    return response.redirect().toPath(`/admin/licenses/${license.uid}`)
  }
}
