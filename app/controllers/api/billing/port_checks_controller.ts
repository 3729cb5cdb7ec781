import type { HttpContext } from '@adonisjs/core/http'
import { BilledForward } from '#models/billed_forward'
import { BilledInstance } from '#models/billed_instance'
import { envelope } from '#transformers/api/billing/envelope'
import { billedPortCheck } from '#validators/api_billing'

/** Whether a public port is free, before somebody asks for it. */
export default class PortChecksController {
  async show({ billingKey, request, i18n }: HttpContext) {
    const { reference, protocol, port } = await billedPortCheck(request)
    const instance = await BilledInstance.of(billingKey!, reference)
    const refusal = await BilledForward.refusalOf(instance, protocol, port)
    const reason = refusal ? i18n.t(`errors.${refusal.code}`, refusal.data) : ''
    return envelope(i18n.t('billing.read'), { available: refusal === null, reason })
  }
}
