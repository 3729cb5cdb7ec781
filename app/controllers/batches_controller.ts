import type { HttpContext } from '@adonisjs/core/http'
import Batch from '#models/batch'
import { countItems, listBatches, listItems } from '#models/batch_list'
import { chosenInstances } from '#models/instance_choice'
import { ChoiceChanged } from '#exceptions/domain_error'
import BatchPolicy from '#policies/batch_policy'
import { batchForm, batchListPage, batchPage } from '#transformers/batch'
import {
  batchDeedValidator,
  batchPageRequest,
  createBatchValidator,
  instanceChoice,
} from '#validators/batch'
import { groundOf } from '#controllers/batches/ground'
import { pageOf } from '#validators/instance_list'

/** One deed for many instances: what is chosen in the list, asked once more, and followed to its end. */
export default class BatchesController {
  async index(ctx: HttpContext) {
    const { organization, membership, home, staff } = groundOf(ctx)
    await ctx.bouncer.with(BatchPolicy).authorize('view', membership)
    const page = await listBatches(organization, pageOf(ctx.request.qs()))
    return ctx.view.render('pages/batches/index', { list: batchListPage(home, page), staff })
  }

  async create(ctx: HttpContext) {
    const { organization, membership, home, staff } = groundOf(ctx)
    const policy = ctx.bouncer.with(BatchPolicy)
    await policy.authorize('act', membership)
    const { deed } = await ctx.request.validateUsing(batchDeedValidator)
    await policy.authorize('order', membership, deed)
    const choice = instanceChoice(ctx.request.qs(), { staff })
    const chosen = await chosenInstances(organization, choice)
    return ctx.view.render('pages/batches/create', {
      form: batchForm(home, deed, choice, chosen),
      staff,
    })
  }

  async store(ctx: HttpContext) {
    const { organization, membership, home, staff } = groundOf(ctx)
    const policy = ctx.bouncer.with(BatchPolicy)
    await policy.authorize('act', membership)
    const wish = await ctx.request.validateUsing(createBatchValidator)
    const { deed, reason, note } = wish
    await policy.authorize('order', membership, deed)
    const choice = instanceChoice(ctx.request.body(), { staff })
    const chosen = await chosenInstances(organization, choice)
    if (wish.confirmation !== String(chosen.length)) {
      throw new ChoiceChanged({ count: chosen.length })
    }
    const batch = await Batch.order(organization, chosen, {
      deed,
      input: reason ? { reason, note } : {},
      by: ctx.auth.getUserOrFail(),
      requestKey: wish.request_key,
    })
    return ctx.response.redirect().toPath(`${home}/batches/${batch.uid}`)
  }

  async show(ctx: HttpContext) {
    const { organization, membership, home, staff } = groundOf(ctx)
    const policy = ctx.bouncer.with(BatchPolicy)
    await policy.authorize('view', membership)
    const batch = await Batch.of(organization, ctx.params.id)
    const asked = batchPageRequest(ctx.request.qs())
    return ctx.view.render('pages/batches/show', {
      batch: batchPage(home, batch, await countItems(batch), await listItems(batch, asked), {
        view: asked.view,
        mayCancel: await policy.allows('act', membership),
        mayRetry: await policy.allows('order', membership, batch.deed),
      }),
      staff,
    })
  }
}
