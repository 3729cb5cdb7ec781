import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { BillingKeyRefused } from '#exceptions/domain_error'
import BillingKey from '#models/billing_key'
import { Tenant } from '#models/concerns/tenant'
import { countWrongBillingKey } from '#start/limiter'

/**
 * A billing system: its key in the header `apikey`, and nothing else. A wrong key, one that has ended and one
 * from the wrong address are answered alike, and after too many of them the address waits before it is told so
 * again; one that is right is never kept waiting by others behind the same address.
 */
export default class BillingKeyMiddleware {
  async handle(ctx: HttpContext, next: NextFn) {
    const { request, response } = ctx
    response.header('cache-control', 'no-store')
    const found = await BillingKey.authenticate(request.header('apikey') ?? '', request.ip())
    if ('refusal' in found) {
      await countWrongBillingKey(request.ip())
      throw new BillingKeyRefused()
    }
    const { key } = found
    ctx.billingKey = key
    ctx.organization = key.organization
    return Tenant.run(key.organizationId, async () => {
      await key.touch(request.ip())
      await next()
    })
  }
}

declare module '@adonisjs/core/http' {
  export interface HttpContext {
    /** Set on the routes of the billing API. */
    billingKey?: BillingKey
  }
}
