import type { HttpContext } from '@adonisjs/core/http'
import Batch from '#models/batch'
import { chosenInstances, whatTheyHold } from '#models/instance_choice'
import { ChoiceChanged } from '#exceptions/domain_error'
import BatchPolicy from '#policies/batch_policy'
import { batchForm } from '#transformers/batch'
import { deleteBatchValidator, instanceChoice } from '#validators/batch'
import { groundOf } from '#controllers/batches/ground'

/** Deleting many: says what goes with them, and wants their number typed. */
export default class DeletionsController {
  async create(ctx: HttpContext) {
    const { organization, membership, home, staff } = groundOf(ctx)
    await ctx.bouncer.with(BatchPolicy).authorize('order', membership, 'delete')
    const choice = instanceChoice(ctx.request.qs(), { staff })
    const chosen = await chosenInstances(organization, choice)
    return ctx.view.render('pages/batches/create', {
      form: batchForm(home, 'delete', choice, chosen, await whatTheyHold(chosen)),
      staff,
    })
  }

  async store(ctx: HttpContext) {
    const { organization, membership, home, staff } = groundOf(ctx)
    await ctx.bouncer.with(BatchPolicy).authorize('order', membership, 'delete')
    const wish = await ctx.request.validateUsing(deleteBatchValidator)
    const choice = instanceChoice(ctx.request.body(), { staff })
    const chosen = await chosenInstances(organization, choice)
    if (wish.confirmation !== String(chosen.length)) {
      throw new ChoiceChanged({ count: chosen.length })
    }
    const batch = await Batch.order(organization, chosen, {
      deed: 'delete',
      by: ctx.auth.getUserOrFail(),
      requestKey: wish.request_key,
    })
    return ctx.response.redirect().toPath(`${home}/batches/${batch.uid}`)
  }
}
