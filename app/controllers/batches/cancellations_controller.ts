import type { HttpContext } from '@adonisjs/core/http'
import Batch from '#models/batch'
import BatchPolicy from '#policies/batch_policy'
import { groundOf } from '#controllers/batches/ground'

/** The rest of a batch, stopped before it begins. */
export default class CancellationsController {
  async store(ctx: HttpContext) {
    const { organization, membership, home } = groundOf(ctx)
    await ctx.bouncer.with(BatchPolicy).authorize('act', membership)
    const batch = await Batch.of(organization, ctx.params.batch_id)
    await batch.cancel(ctx.auth.getUserOrFail())
    return ctx.response.redirect().toPath(`${home}/batches/${batch.uid}`)
  }
}
