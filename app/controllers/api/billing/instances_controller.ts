import type { HttpContext } from '@adonisjs/core/http'
import { answerAtEnd } from '#controllers/api/billing/answer'
import { BilledInstance } from '#models/billed_instance'
import { billedAddresses, billedInstance, billedUsage } from '#transformers/api/billing/instance'
import { envelope } from '#transformers/api/billing/envelope'
import { billedOrder, billedReference } from '#validators/api_billing'

/** The containers that the billing system sells. */
export default class InstancesController {
  async index({ billingKey, i18n }: HttpContext) {
    const rows = await BilledInstance.all(billingKey!)
    return envelope(i18n.t('billing.read'), rows.map(billedInstance))
  }

  async show({ billingKey, request, i18n }: HttpContext) {
    const row = await BilledInstance.info(billingKey!, await billedReference(request))
    return envelope(i18n.t('billing.read'), { ...billedInstance(row), ...billedUsage(row) })
  }

  async store(ctx: HttpContext) {
    const order = await billedOrder(ctx.request)
    const { instance, operation } = await BilledInstance.order(ctx.billingKey!, order)
    return answerAtEnd(ctx, operation, ctx.i18n.t('billing.created'), async () => {
      await BilledInstance.loadForAccess(instance)
      return billedAddresses(instance)
    })
  }

  async destroy(ctx: HttpContext) {
    const instance = await BilledInstance.of(ctx.billingKey!, await billedReference(ctx.request))
    const operation = await BilledInstance.ensure(instance, 'instance.delete', () =>
      instance.destroy(null)
    )
    return answerAtEnd(ctx, operation, ctx.i18n.t('billing.deleted'))
  }
}
