import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { Closed, VisitOver } from '#exceptions/domain_error'
import Membership from '#models/membership'
import Visit from '#models/visit'
import { Tenant } from '#models/concerns/tenant'
import { VISIT_HOME } from '#transformers/visit'

/** Where the browser's session keeps the id of the visit. */
export const VISIT = 'visit'

/**
 * The guard of a billing system's customers: whoever opened a link from there, on the pages of that one instance.
 * They stand in for an operator of its organization and learn nothing of it; the rest of the request runs inside
 * that tenant. Any other instance does not exist.
 */
export default class VisitMiddleware {
  async handle(ctx: HttpContext, next: NextFn) {
    const { session, params, response } = ctx
    const id: unknown = session.get(VISIT)
    const visit = typeof id === 'number' ? await Visit.resume(id) : null
    if (!visit) {
      session.forget(VISIT)
      throw new VisitOver()
    }
    const { instance } = visit
    ctx.visit = visit
    ctx.organization = instance.organization
    ctx.membership = Membership.ofVisit(instance.organization)
    ctx.home = VISIT_HOME
    const uid: unknown = params.instance_id ?? instance.uid
    if (uid !== instance.uid) throw new Closed()
    response.header('cache-control', 'no-store')
    return Tenant.run(instance.organizationId, async () => {
      await visit.markSeen()
      return next()
    })
  }
}

declare module '@adonisjs/core/http' {
  export interface HttpContext {
    /** Set on the pages of a visit: what is done there is done in the name of its key. */
    visit?: Visit
  }
}
