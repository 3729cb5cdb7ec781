import type { HttpContext } from '@adonisjs/core/http'
import Operation from '#models/operation'
import OperationPolicy from '#policies/operation_policy'
import { apiOperation } from '#transformers/api/v1/operation'

export default class CancellationsController {
  /** It ends before its next step, and what was done is taken back. */
  async store({ organization, membership, params, bouncer, auth, response }: HttpContext) {
    await bouncer.with(OperationPolicy).authorize('cancel', membership)
    const operation = await Operation.of(organization, params.operation_id)
    await operation.cancel(auth.getUserOrFail())
    await operation.load('instance')
    return response.accepted({ data: apiOperation(operation) })
  }
}
