import type { HttpContext } from '@adonisjs/core/http'
import { accepted } from '#controllers/api/v1/accepted'
import Operation from '#models/operation'
import OperationPolicy from '#policies/operation_policy'

export default class RetriesController {
  async store(ctx: HttpContext) {
    const { organization, membership, params, bouncer, auth } = ctx
    await bouncer.with(OperationPolicy).authorize('retry', membership)
    const ended = await Operation.of(organization, params.operation_id)
    const again = await ended.retry(auth.getUserOrFail())
    // One that signs a licence is of no instance.
    await again.load('instance')
    return accepted(ctx, again.instance, again)
  }
}
