import type { HttpContext } from '@adonisjs/core/http'
import { acceptedBatch } from '#controllers/api/v1/accepted'
import { requireScope } from '#middleware/scope_middleware'
import Batch from '#models/batch'
import { countItems, listBatches } from '#models/batch_list'
import { chosenInstances } from '#models/instance_choice'
import { DEED_SCOPES } from '#models/types'
import BatchPolicy from '#policies/batch_policy'
import { apiBatch, apiBatchRow } from '#transformers/api/v1/batch'
import { apiPage } from '#transformers/api/v1/page'
import { choiceOf, orderBatchValidator } from '#validators/batch'
import { pageOf } from '#validators/instance_list'

/** One deed for many instances. */
export default class BatchesController {
  async index({ organization, membership, request, bouncer }: HttpContext) {
    await bouncer.with(BatchPolicy).authorize('view', membership)
    return apiPage(await listBatches(organization, pageOf(request.qs())), apiBatchRow)
  }

  async show({ organization, membership, params, bouncer }: HttpContext) {
    await bouncer.with(BatchPolicy).authorize('view', membership)
    const batch = await Batch.of(organization, params.id)
    return { data: apiBatch(batch, await countItems(batch)) }
  }

  /** What was named and is not there is told, and does not keep the others from their deed. */
  async store(ctx: HttpContext) {
    const { organization, membership, request, bouncer, auth } = ctx
    const policy = bouncer.with(BatchPolicy)
    await policy.authorize('act', membership)
    const wish = await request.validateUsing(orderBatchValidator)
    await policy.authorize('order', membership, wish.deed)
    requireScope(ctx, DEED_SCOPES[wish.deed])
    const chosen = await chosenInstances(organization, choiceOf(wish))
    const known = new Set(chosen.map(({ uid }) => uid))
    const batch = await Batch.order(organization, chosen, {
      deed: wish.deed,
      by: auth.getUserOrFail(),
      requestKey: ctx.requestKey,
    })
    const unknown = (wish.instances ?? []).filter((uid) => !known.has(uid))
    return acceptedBatch(ctx, batch, { unknown })
  }
}
