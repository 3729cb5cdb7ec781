import type { HttpContext } from '@adonisjs/core/http'
import HostInfoUpload from '#models/host_info_upload'
import StaffPolicy from '#policies/staff_policy'

/** Whether another host than the product's limit allows may be bound. */
export default class ApprovalsController {
  async store({ bouncer, params, response, auth }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const upload = await HostInfoUpload.findByOrFail('uid', params.upload_id)
    await upload.approve(auth.getUserOrFail())
    return response.redirect().toPath('/admin/licenses')
  }

  async destroy({ bouncer, params, response, auth }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const upload = await HostInfoUpload.findByOrFail('uid', params.upload_id)
    await upload.decline(auth.getUserOrFail())
    return response.redirect().toPath('/admin/licenses')
  }
}
