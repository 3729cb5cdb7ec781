import type { HttpContext } from '@adonisjs/core/http'
import { BilledInstance } from '#models/billed_instance'
import { joinedHistory } from '#models/joined_history'
import { envelope } from '#transformers/api/billing/envelope'
import { apiUsage } from '#transformers/api/v1/usage'
import { billedReference } from '#validators/api_billing'
import { usageRequest } from '#validators/usage'

/** What a container has used, as points for a chart. */
export default class UsageController {
  async show({ billingKey, request, i18n }: HttpContext) {
    const instance = await BilledInstance.of(billingKey!, await billedReference(request))
    const { range } = usageRequest(request.qs())
    await instance.load('cluster')
    const history = await joinedHistory(instance, range)
    return envelope(i18n.t('billing.read'), apiUsage(history, instance))
  }
}
