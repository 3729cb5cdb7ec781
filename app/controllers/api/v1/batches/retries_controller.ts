import type { HttpContext } from '@adonisjs/core/http'
import { acceptedBatch } from '#controllers/api/v1/accepted'
import { requireScope } from '#middleware/scope_middleware'
import Batch from '#models/batch'
import { DEED_SCOPES } from '#models/types'
import BatchPolicy from '#policies/batch_policy'

/** The failures of a batch, tried again in one of their own. */
export default class RetriesController {
  async store(ctx: HttpContext) {
    const { organization, membership, params, bouncer, auth } = ctx
    const policy = bouncer.with(BatchPolicy)
    await policy.authorize('act', membership)
    const batch = await Batch.of(organization, params.batch_id)
    await policy.authorize('order', membership, batch.deed)
    requireScope(ctx, DEED_SCOPES[batch.deed])
    return acceptedBatch(ctx, await batch.retry(organization, auth.getUserOrFail()))
  }
}
