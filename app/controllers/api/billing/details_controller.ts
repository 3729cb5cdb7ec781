import type { HttpContext } from '@adonisjs/core/http'
import { BilledInstance } from '#models/billed_instance'
import { lastMinute } from '#models/usage_history'
import { billedDetails } from '#transformers/api/billing/details'
import { envelope } from '#transformers/api/billing/envelope'
import { billedReference } from '#validators/api_billing'

/** All that a plugin's pages tell of a container, in one answer. */
export default class DetailsController {
  async show({ billingKey, request, i18n }: HttpContext) {
    const instance = await BilledInstance.of(billingKey!, await billedReference(request))
    await BilledInstance.loadForDetails(instance)
    const usage = await lastMinute({ instanceId: instance.id })
    return envelope(i18n.t('billing.read'), billedDetails(instance, usage, i18n))
  }
}
