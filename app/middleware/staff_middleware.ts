import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { Tenant } from '#models/concerns/tenant'
import { Closed } from '#exceptions/domain_error'

/** `/admin` does not exist for anybody but staff; what a role may do there is decided by policies. */
export default class StaffMiddleware {
  handle(ctx: HttpContext, next: NextFn) {
    const { auth, request } = ctx
    if (!auth.getUserOrFail().isStaff) throw new Closed()
    ctx.actsAsStaff = true
    return Tenant.system(`staff request ${request.method()} ${request.url()}`, () => next())
  }
}

declare module '@adonisjs/core/http' {
  export interface HttpContext {
    /** Set on staff pages: what is done there is recorded as done by staff. */
    actsAsStaff?: true
  }
}
