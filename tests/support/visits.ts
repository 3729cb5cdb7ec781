import { DateTime } from 'luxon'
import type BillingKey from '#models/billing_key'
import type Instance from '#models/instance'
import Visit from '#models/visit'
import { Tenant } from '#models/concerns/tenant'

/** A visit that goes on, as a link of that key opened it. */
export async function visitTo(
  instance: Instance,
  key: BillingKey,
  more: Partial<Visit> = {}
): Promise<number> {
  const now = DateTime.utc()
  await Tenant.run(instance.organizationId, () =>
    instance.merge({ billingReference: instance.billingReference ?? instance.name }).save()
  )
  const visit = await Visit.create({
    billingKeyId: key.id,
    instanceId: instance.id,
    page: 'overview',
    linkExpiresAt: now,
    openedAt: now,
    lastSeenAt: now,
    expiresAt: now.plus({ hours: 1 }),
    ...more,
  })
  return visit.id
}
