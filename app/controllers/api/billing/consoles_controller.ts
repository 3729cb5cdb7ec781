import type { HttpContext } from '@adonisjs/core/http'
import { visitLimits } from '#config/visits'
import { BilledInstance } from '#models/billed_instance'
import Visit from '#models/visit'
import { envelope } from '#transformers/api/billing/envelope'
import { billedReference } from '#validators/api_billing'

/**
 * What the second generation opens a console with: it puts the token behind `/console?token=` by itself. How long it
 * should last it asks in vain: it opens once, within a minute.
 */
export default class ConsolesController {
  async store({ billingKey, request, i18n }: HttpContext) {
    const instance = await BilledInstance.of(billingKey!, await billedReference(request))
    const url = await Visit.invite(billingKey!, instance, 'console')
    const token = url.slice(url.lastIndexOf('/') + 1)
    const data = { token, url, expires_in: visitLimits.linkMs / 1000 }
    return envelope(i18n.t('billing.invited'), data)
  }
}
