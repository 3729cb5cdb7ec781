import type { HttpContext } from '@adonisjs/core/http'
import { BilledInstance } from '#models/billed_instance'
import { envelope } from '#transformers/api/billing/envelope'
import { billedTraffic } from '#transformers/api/billing/instance'
import { billedReference } from '#validators/api_billing'

/** What was sent and received this month. */
export default class TrafficController {
  async show({ billingKey, request, i18n }: HttpContext) {
    const row = await BilledInstance.info(billingKey!, await billedReference(request))
    return envelope(i18n.t('billing.read'), billedTraffic(row))
  }

  /** Begins the count anew; what followed from it is lifted. */
  async reset({ billingKey, request, i18n }: HttpContext) {
    const instance = await BilledInstance.of(billingKey!, await billedReference(request))
    await BilledInstance.loadTraffic(instance)
    await instance.traffic?.waive(instance)
    return envelope(i18n.t('billing.traffic_reset'))
  }
}
