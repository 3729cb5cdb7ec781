import type { HttpContext } from '@adonisjs/core/http'
import { visitLimits } from '#config/visits'
import { BilledInstance } from '#models/billed_instance'
import Visit from '#models/visit'
import { envelope } from '#transformers/api/billing/envelope'
import { billedVisit } from '#validators/api_billing'

/** A link by which the customer of a container comes to its pages here. */
export default class VisitsController {
  async store({ billingKey, request, i18n }: HttpContext) {
    const { reference, page } = await billedVisit(request)
    const instance = await BilledInstance.of(billingKey!, reference)
    const url = await Visit.invite(billingKey!, instance, page)
    return envelope(i18n.t('billing.invited'), { url, expires_in: visitLimits.linkMs / 1000 })
  }
}
