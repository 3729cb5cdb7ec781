import type { HttpContext } from '@adonisjs/core/http'
import { acceptedBatch } from '#controllers/api/v1/accepted'
import Batch from '#models/batch'
import BatchPolicy from '#policies/batch_policy'

/** The rest of a batch, stopped before it begins. */
export default class CancellationsController {
  async store(ctx: HttpContext) {
    const { organization, membership, params, bouncer, auth } = ctx
    await bouncer.with(BatchPolicy).authorize('act', membership)
    const batch = await Batch.of(organization, params.batch_id)
    await batch.cancel(auth.getUserOrFail())
    return acceptedBatch(ctx, batch)
  }
}
