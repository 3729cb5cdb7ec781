import type { HttpContext } from '@adonisjs/core/http'
import KeyApproval from '#models/key_approval'
import StaffPolicy from '#policies/staff_policy'

/** … and another one allows it. */
export default class ApprovalsController {
  async store({ bouncer, params, response, auth }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const approval = await KeyApproval.findByOrFail('uid', params.id)
    await approval.approve(auth.getUserOrFail())
    return response.redirect().toPath('/admin/signing-keys')
  }
}
