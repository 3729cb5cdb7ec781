import type { HttpContext } from '@adonisjs/core/http'
import Operation from '#models/operation'
import StaffPolicy from '#policies/staff_policy'

export default class RetriesController {
  async store({ params, bouncer, auth, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const ended = await Operation.findByOrFail('uid', params.operation_id)
    const again = await ended.retry(auth.getUserOrFail())
    return response.redirect().toPath(`/admin/operations/${again.uid}`)
  }
}
