import { AsyncLocalStorage } from 'node:async_hooks'
import logger from '@adonisjs/core/services/logger'
import { Exception } from '@adonisjs/core/exceptions'

type Scope = { organizationId: number } | { reason: string }

const scopes = new AsyncLocalStorage<Scope | null>()

export class TenantNotSet extends Exception {
  static override status = 500
  static override code = 'E_TENANT_NOT_SET'
}

/** Whose rows the current piece of work may see. Nothing is visible until it is said. */
export const Tenant = {
  run<T>(organizationId: number, work: () => T): T {
    return within({ organizationId }, work)
  },

  /** Work over all tenants; says why, for the log. Admin controllers, jobs and commands only. */
  system<T>(reason: string, work: () => T): T {
    logger.trace({ reason }, 'work over all tenants')
    return within({ reason }, work)
  },

  /** No tenant at all: what a job starts with. */
  none<T>(work: () => T): T {
    return within(null, work)
  },

  /** The organization's id, or null while working over all tenants. @throws TenantNotSet otherwise */
  current(what: string): number | null {
    const scope = scopes.getStore()
    if (!scope) throw new TenantNotSet(`no tenant is set while reaching for ${what}`)
    return 'organizationId' in scope ? scope.organizationId : null
  },
}

/** A query runs only when somebody waits for it; it is started here, while its tenant is set. */
function within<T>(scope: Scope | null, work: () => T): T {
  return scopes.run(scope, () => {
    const result = work()
    if (result instanceof Promise || !isThenable(result)) return result
    return result.then((value) => value) as T
  })
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null)?.then === 'function'
}
