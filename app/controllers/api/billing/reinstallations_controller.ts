import type { HttpContext } from '@adonisjs/core/http'
import { answerAtEnd } from '#controllers/api/billing/answer'
import { BilledInstance } from '#models/billed_instance'
import { billedAddresses } from '#transformers/api/billing/instance'
import { billedReinstallation } from '#validators/api_billing'

/** A container built anew. Its addresses, its port to SSH and its other ports stay what they were. */
export default class ReinstallationsController {
  async store(ctx: HttpContext) {
    const { reference, order } = await billedReinstallation(ctx.request)
    const instance = await BilledInstance.of(ctx.billingKey!, reference)
    const operation = await BilledInstance.reinstall(instance, order)
    return answerAtEnd(ctx, operation, ctx.i18n.t('billing.reinstalled'), async () => {
      await BilledInstance.loadForAccess(instance)
      return billedAddresses(instance)
    })
  }
}
