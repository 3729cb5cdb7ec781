import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import Membership, { type SwitcherRow } from '#models/membership'
import type Organization from '#models/organization'
import { Tenant } from '#models/concerns/tenant'
import { Closed } from '#exceptions/domain_error'

/** Remembers where `/` leads. A wish and no proof, so it is not signed: every page would pay for that. */
export const LAST_ORGANIZATION = 'portico_organization'

/**
 * The first net of tenancy: `/o/:organization` opens only for a member, and the rest of the request runs
 * inside that tenant. A stranger learns nothing: 404, as for an organization that does not exist.
 */
export default class OrganizationMiddleware {
  async handle(ctx: HttpContext, next: NextFn) {
    const user = ctx.auth.getUserOrFail()
    const { membership, all } = await Membership.around(user.id, String(ctx.params.organization))
    if (!membership) throw new Closed()
    ctx.memberships = all
    ctx.organization = membership.organization
    ctx.membership = membership
    ctx.home = `/o/${membership.organization.slug}`
    const { slug } = membership.organization
    const isBrowser = ctx.auth.authenticatedViaGuard === 'web'
    if (isBrowser && ctx.request.plainCookie(LAST_ORGANIZATION) !== slug) {
      ctx.response.plainCookie(LAST_ORGANIZATION, slug, { maxAge: '1y' })
    }
    return Tenant.run(membership.organizationId, () => next())
  }
}

declare module '@adonisjs/core/http' {
  export interface HttpContext {
    organization: Organization
    membership: Membership
    /** Of the person who asks, by name; only where an organization's pages are. */
    memberships?: SwitcherRow[]
    /** Where the pages begin that the person is on: `/o/acme`, or `/admin` for staff. */
    home: string
  }
}
