import type { HttpContext } from '@adonisjs/core/http'
import License from '#models/license'
import StaffPolicy from '#policies/staff_policy'
import { licenseReasonValidator } from '#validators/license'

/** A licence that rests is neither bound nor handed out, and is not valid online. */
export default class SuspensionsController {
  async store({ bouncer, params, request, response, auth }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const license = await License.findByOrFail('uid', params.license_id)
    const { reason } = await request.validateUsing(licenseReasonValidator)
    await license.suspend(reason, auth.getUserOrFail())
    return response.redirect().toPath(`/admin/licenses/${license.uid}`)
  }

  async destroy({ bouncer, params, response, auth }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const license = await License.findByOrFail('uid', params.license_id)
    await license.liftSuspension(auth.getUserOrFail())
    return response.redirect().toPath(`/admin/licenses/${license.uid}`)
  }
}
