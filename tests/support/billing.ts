import { setTimeout as sleep } from 'node:timers/promises'
import BillingKey, { type BillingKeyOrder } from '#models/billing_key'
import Operation, { WORKING_STATES } from '#models/operation'
import { Tenant } from '#models/concerns/tenant'
import { finish, type TestTenant } from '#tests/support/world'

/** A key that may order whatever is offered, from anywhere. */
export function issueBillingKey(
  tenant: Pick<TestTenant, 'organization' | 'owner' | 'inside'>,
  order: Partial<BillingKeyOrder> = {}
): Promise<string> {
  return tenant.inside(() =>
    BillingKey.issue(
      tenant.organization,
      {
        name: 'ZJMF',
        allowedAddresses: [],
        allowsFreeSizes: true,
        plans: [],
        clusters: [],
        expiresAt: null,
        ...order,
      },
      tenant.owner
    )
  )
}

/** Does beside `work` what a worker would: runs every operation that it opens. */
export async function withWorker<T>(work: () => Promise<T>): Promise<T> {
  let isOver = false
  const working = (async () => {
    while (!isOver) {
      const open = await Tenant.system('a worker of the test', () =>
        Operation.query().whereIn('state', [...WORKING_STATES])
      )
      for (const operation of open) await finish(operation)
      await sleep(20)
    }
  })()
  try {
    return await work()
  } finally {
    isOver = true
    await working
  }
}
