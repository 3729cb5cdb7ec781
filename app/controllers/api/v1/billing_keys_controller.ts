import type { HttpContext } from '@adonisjs/core/http'
import BillingKey from '#models/billing_key'
import { pageAmong } from '#models/concerns/keyset'
import BillingKeyPolicy from '#policies/billing_key_policy'
import { apiBillingKey } from '#transformers/api/v1/billing_key'
import { apiPage } from '#transformers/api/v1/page'
import { pageOf } from '#validators/instance_list'

/** What billing systems sign in with. A person makes them; a program may see and end them. */
export default class BillingKeysController {
  async index({ organization, membership, bouncer, request }: HttpContext) {
    await bouncer.with(BillingKeyPolicy).authorize('manage', membership)
    const { cursor, size } = pageOf(request.qs())
    const keys = await BillingKey.listOf(organization)
    return apiPage(
      pageAmong(keys, ({ uid }) => uid, cursor, size),
      apiBillingKey
    )
  }

  async destroy({ organization, membership, bouncer, params, response }: HttpContext) {
    await bouncer.with(BillingKeyPolicy).authorize('manage', membership)
    const key = await BillingKey.of(organization, params.id)
    await key.revoke()
    return response.noContent()
  }
}
