import type { HttpContext } from '@adonisjs/core/http'
import { answerAtEnd } from '#controllers/api/billing/answer'
import { BilledInstance } from '#models/billed_instance'
import { resizeBilled } from '#models/billed_size'
import { envelope } from '#transformers/api/billing/envelope'
import { billedResize } from '#validators/api_billing'

/** A container gets the size that its owner pays for now. */
export default class ResizesController {
  async store(ctx: HttpContext) {
    const { reference, size } = await billedResize(ctx.request)
    const instance = await BilledInstance.of(ctx.billingKey!, reference)
    const operation = await BilledInstance.ensure(instance, 'instance.resize', () =>
      resizeBilled(ctx.billingKey!, instance, size)
    )
    const done = ctx.i18n.t('billing.resized')
    return operation ? answerAtEnd(ctx, operation, done) : envelope(done)
  }
}
