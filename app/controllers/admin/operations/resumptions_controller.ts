import type { HttpContext } from '@adonisjs/core/http'
import Operation from '#models/operation'
import StaffPolicy from '#policies/staff_policy'

/** One way out of "needs attention": go on where it stopped. */
export default class ResumptionsController {
  async store({ params, bouncer, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const operation = await Operation.findByOrFail('uid', params.operation_id)
    await operation.resume()
    return response.redirect().toPath(`/admin/operations/${operation.uid}`)
  }
}
