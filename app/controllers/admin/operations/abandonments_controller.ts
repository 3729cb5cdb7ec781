import type { HttpContext } from '@adonisjs/core/http'
import Operation from '#models/operation'
import StaffPolicy from '#policies/staff_policy'
import { abandonOperationValidator } from '#validators/operation'

/** The other way out: leave things as they are, for a reason that is kept. */
export default class AbandonmentsController {
  async store({ params, request, bouncer, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const operation = await Operation.findByOrFail('uid', params.operation_id)
    const { reason } = await request.validateUsing(abandonOperationValidator)
    await operation.abandon(reason)
    return response.redirect().toPath(`/admin/operations/${operation.uid}`)
  }
}
