import type { HttpContext } from '@adonisjs/core/http'
import KeyApproval from '#models/key_approval'
import SigningKey from '#models/signing_key'
import StaffPolicy from '#policies/staff_policy'
import { keyRequestValidator } from '#validators/license'

/** One administrator asks … */
export default class RequestsController {
  async store({ bouncer, params, request, response, auth }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const key = await SigningKey.findByOrFail('uid', params.key_id)
    const { deed, reason } = await request.validateUsing(keyRequestValidator)
    await KeyApproval.request(key, deed, reason, auth.getUserOrFail())
    return response.redirect().toPath('/admin/signing-keys')
  }

  async destroy({ bouncer, params, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const approval = await KeyApproval.findByOrFail('uid', params.id)
    await approval.decline()
    return response.redirect().toPath('/admin/signing-keys')
  }
}
