import type { HttpContext } from '@adonisjs/core/http'
import Operation from '#models/operation'
import StaffPolicy from '#policies/staff_policy'

export default class CancellationsController {
  async store({ params, bouncer, auth, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const operation = await Operation.findByOrFail('uid', params.operation_id)
    await operation.cancel(auth.getUserOrFail())
    return response.redirect().toPath(`/admin/operations/${operation.uid}`)
  }
}
