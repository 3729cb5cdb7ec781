import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { Tenant } from '#models/concerns/tenant'
import { NotFound } from '#exceptions/domain_error'

/** `/admin` does not exist for anybody but staff; what a role may do there is decided by policies. */
export default class StaffMiddleware {
  handle({ auth, request }: HttpContext, next: NextFn) {
    if (!auth.getUserOrFail().isStaff) throw new NotFound()
    return Tenant.system(`staff request ${request.method()} ${request.url()}`, () => next())
  }
}
