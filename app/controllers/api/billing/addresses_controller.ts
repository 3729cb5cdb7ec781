import type { HttpContext } from '@adonisjs/core/http'
import { BilledInstance } from '#models/billed_instance'
import { billedAddressRows } from '#transformers/api/billing/instance'
import { envelope } from '#transformers/api/billing/envelope'
import { billedReference } from '#validators/api_billing'

/** The addresses that a container was given with its order. */
export default class AddressesController {
  ipv4(ctx: HttpContext) {
    return rows(ctx, 4)
  }

  ipv6(ctx: HttpContext) {
    return rows(ctx, 6)
  }
}

async function rows({ billingKey, request, i18n }: HttpContext, family: 4 | 6) {
  const instance = await BilledInstance.of(billingKey!, await billedReference(request))
  await BilledInstance.loadForAccess(instance)
  return envelope(i18n.t('billing.read'), billedAddressRows(instance, family))
}
