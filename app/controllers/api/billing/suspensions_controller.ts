import type { HttpContext } from '@adonisjs/core/http'
import { answerAtEnd } from '#controllers/api/billing/answer'
import { NotSuspended } from '#exceptions/domain_error'
import { BilledInstance } from '#models/billed_instance'
import type Instance from '#models/instance'
import { envelope } from '#transformers/api/billing/envelope'
import { billedReference } from '#validators/api_billing'

/** What was not paid for stands still. By GET, as the existing plugins call it, and safe to repeat. */
export default class SuspensionsController {
  async store(ctx: HttpContext) {
    const instance = await BilledInstance.of(ctx.billingKey!, await billedReference(ctx.request))
    const operation = await BilledInstance.ensure(instance, 'instance.suspend', async () => {
      const suspended = await instance.suspend('billing', { by: null })
      return suspended.operation
    })
    const done = ctx.i18n.t('billing.suspended')
    return operation ? answerAtEnd(ctx, operation, done) : envelope(done)
  }

  async destroy(ctx: HttpContext) {
    const instance = await BilledInstance.of(ctx.billingKey!, await billedReference(ctx.request))
    const operation = await BilledInstance.ensure(instance, 'instance.unsuspend', () =>
      lifted(instance)
    )
    const done = ctx.i18n.t('billing.unsuspended')
    return operation ? answerAtEnd(ctx, operation, done) : envelope(done)
  }
}

/** What is lifted already is lifted. Other reasons stay: the bill does not pay for them. */
async function lifted(instance: Instance) {
  try {
    const { operation } = await instance.unsuspend('billing', { by: null })
    return operation
  } catch (error) {
    if (error instanceof NotSuspended) return null
    throw error
  }
}
