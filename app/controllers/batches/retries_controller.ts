import type { HttpContext } from '@adonisjs/core/http'
import Batch from '#models/batch'
import BatchPolicy from '#policies/batch_policy'
import { groundOf } from '#controllers/batches/ground'

/** The failures of a batch, tried again in one of their own. */
export default class RetriesController {
  async store(ctx: HttpContext) {
    const { organization, membership, home } = groundOf(ctx)
    const batch = await Batch.of(organization, ctx.params.batch_id)
    await ctx.bouncer.with(BatchPolicy).authorize('order', membership, batch.deed)
    const again = await batch.retry(organization, ctx.auth.getUserOrFail())
    return ctx.response.redirect().toPath(`${home}/batches/${again.uid}`)
  }
}
