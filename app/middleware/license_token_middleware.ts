import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import License from '#models/license'
import { Tenant } from '#models/concerns/tenant'
import { countWrongLicenseToken } from '#start/limiter'

declare module '@adonisjs/core/http' {
  interface HttpContext {
    /** Whose token an installed product showed. */
    license: License
  }
}

/** An installed product, by its licence's token and nothing else. */
export default class LicenseTokenMiddleware {
  async handle(ctx: HttpContext, next: NextFn) {
    const [, token] =
      /^Bearer (plt_[\w-]{32})$/.exec(ctx.request.header('authorization') ?? '') ?? []
    const license = token
      ? await Tenant.system('a license by its token', () => License.findByToken(token))
      : null
    if (!license) {
      await countWrongLicenseToken(ctx.request.ip())
      return ctx.response
        .status(401)
        .header('WWW-Authenticate', 'Bearer')
        .header('Content-Type', 'application/problem+json')
        .send(
          JSON.stringify({
            type: 'about:blank',
            title: 'Unauthorized',
            status: 401,
            code: 'NOT_FOUND',
          })
        )
    }
    ctx.license = license
    return Tenant.run(license.organizationId, () => next())
  }
}
