import type { HttpContext } from '@adonisjs/core/http'
import { showOnce } from '#controllers/account/show_once'
import BillingKey from '#models/billing_key'
import BillingKeyPolicy from '#policies/billing_key_policy'
import { rotateBillingKeyValidator } from '#validators/billing_key'

/** A new key in the place of another, which works on for a while. */
export default class BillingKeyRotationsController {
  async store(ctx: HttpContext) {
    const { auth, organization, membership, bouncer, params, request, response } = ctx
    await bouncer.with(BillingKeyPolicy).authorize('manage', membership)
    const key = await BillingKey.of(organization, params.id)
    const { overlap_hours: hours } = await request.validateUsing(rotateBillingKeyValidator)
    const value = await key.rotate(hours, auth.getUserOrFail())
    showOnce(ctx, 'billing_key', { name: key.name, value })
    return response.redirect().toPath(`/o/${organization.slug}/billing-keys`)
  }
}
