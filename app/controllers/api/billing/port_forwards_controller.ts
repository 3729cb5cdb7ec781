import type { HttpContext } from '@adonisjs/core/http'
import { answerAtEnd } from '#controllers/api/billing/answer'
import { BilledForward } from '#models/billed_forward'
import { BilledInstance } from '#models/billed_instance'
import { envelope } from '#transformers/api/billing/envelope'
import { billedForward } from '#transformers/api/billing/forward'
import { billedReference, billedRule, billedRuleName } from '#validators/api_billing'

/** Public ports that lead to a container; the plugins call them NAT rules. */
export default class PortForwardsController {
  async index({ billingKey, request, i18n }: HttpContext) {
    const reference = await billedReference(request)
    const forwards = await BilledForward.all(billingKey!, reference)
    return envelope(
      i18n.t('billing.read'),
      forwards.map((forward) => billedForward(reference, forward))
    )
  }

  async store(ctx: HttpContext) {
    const { reference, rule } = await billedRule(ctx.request)
    const instance = await BilledInstance.of(ctx.billingKey!, reference)
    const { operation, forwards } = await BilledForward.add(instance, rule)
    return answerAtEnd(ctx, operation, ctx.i18n.t('billing.rule_added'), async () => {
      for (const forward of forwards) await forward.refresh()
      return forwards.map((forward) => billedForward(reference, forward))
    })
  }

  /** What is gone is gone: a rule that never was is no fault. */
  async destroy(ctx: HttpContext) {
    const { reference, rule } = await billedRuleName(ctx.request)
    const instance = await BilledInstance.of(ctx.billingKey!, reference)
    const operation = await BilledForward.remove(instance, rule)
    const done = ctx.i18n.t('billing.rule_removed')
    return operation ? answerAtEnd(ctx, operation, done) : envelope(done)
  }
}
