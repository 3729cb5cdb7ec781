import type { HttpContext } from '@adonisjs/core/http'
import Operation from '#models/operation'
import OperationPolicy from '#policies/operation_policy'

export default class CancellationsController {
  async store({ organization, membership, params, bouncer, auth, response }: HttpContext) {
    await bouncer.with(OperationPolicy).authorize('cancel', membership)
    const operation = await Operation.of(organization, params.operation_id)
    await operation.cancel(auth.getUserOrFail())
    return response.redirect().toPath(`/o/${organization.slug}/operations/${operation.uid}`)
  }
}
