import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import Instance from '#models/instance'
import Membership from '#models/membership'
import { Tenant } from '#models/concerns/tenant'

/**
 * Staff on the pages of a customer's instance: they stand in for a member whose role follows from their own,
 * and the rest of the request runs inside that tenant. So the pages and deeds are the customer's own, and
 * what is done is recorded as done by staff.
 */
export default class StandInMiddleware {
  async handle(ctx: HttpContext, next: NextFn) {
    const uid = String(ctx.params.instance_id ?? ctx.params.id)
    const { organization } = await Instance.query()
      .where('uid', uid)
      .whereNull('deleted_at')
      .preload('organization')
      .firstOrFail()
    ctx.organization = organization
    ctx.membership = Membership.ofStaff(ctx.auth.getUserOrFail(), organization)
    ctx.home = '/admin'
    return Tenant.run(organization.id, () => next())
  }
}
