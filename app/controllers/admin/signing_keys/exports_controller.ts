import type { HttpContext } from '@adonisjs/core/http'
import KeyApproval from '#models/key_approval'
import StaffPolicy from '#policies/staff_policy'
import { keyExportValidator } from '#validators/license'

/** The key as PKCS#12, once, for whoever asked and was allowed. */
export default class ExportsController {
  async store({ bouncer, params, request, response, auth }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const approval = await KeyApproval.findByOrFail('uid', params.id)
    const { passphrase } = await request.validateUsing(keyExportValidator)
    const { name, bytes } = await approval.export(passphrase, auth.getUserOrFail())
    return response
      .header('Content-Type', 'application/x-pkcs12')
      .header('Content-Disposition', `attachment; filename="${name}"`)
      .header('Cache-Control', 'no-store')
      .send(bytes)
  }
}
