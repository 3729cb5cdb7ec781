import { PlanNotOffered } from '#exceptions/domain_error'
import BillingKey from '#models/billing_key'
import type Instance from '#models/instance'
import type { FreeSize } from '#models/instance'
import type Operation from '#models/operation'
import type Plan from '#models/plan'
import { plansFor, soldBy } from '#models/resize'
import type { InstanceKind } from '#drivers/contract'

/** What a billing system sells, in our words. */
export type BilledSize = {
  cpus: number
  memoryMib: number
  diskGib: number
  ingressMbps: number | null
  egressMbps: number | null
  trafficGib: number | null
  portForwardLimit: number
  snapshotLimit: number
}

const COMPARED = [
  'kind',
  'cpus',
  'memoryMib',
  'diskGib',
  'ingressMbps',
  'egressMbps',
  'trafficGib',
  'portForwardLimit',
] as const satisfies (keyof FreeSize)[]

export function freeSize(kind: InstanceKind, size: BilledSize): FreeSize {
  return {
    kind,
    cpus: size.cpus,
    memoryMib: size.memoryMib,
    diskGib: size.diskGib,
    ingressMbps: size.ingressMbps,
    egressMbps: size.egressMbps,
    trafficGib: size.trafficGib,
    // As the existing server does it: what is over its month's traffic stands still.
    trafficAction: size.trafficGib ? 'suspend' : 'none',
    throttleMbps: 1,
    snapshotLimit: size.snapshotLimit,
    portForwardLimit: size.portForwardLimit,
  }
}

export function isSameSize(plan: Plan, size: FreeSize): boolean {
  return COMPARED.every((name) => plan[name] === size[name])
}

/**
 * Gives it the size that was paid for: a plan that is just so big, else the size itself where the key may order
 * such. null: it has it already.
 * @throws PlanNotOffered, and all that Instance.resize throws
 */
export async function resizeBilled(
  key: BillingKey,
  instance: Instance,
  size: BilledSize
): Promise<Operation | null> {
  const { planIds } = await BillingKey.boundsOf(key)
  const wanted = freeSize(instance.kind, size)
  const plans = await plansFor(instance)
  const same = plans.find(
    (plan) => isSameSize(plan, wanted) && (planIds?.includes(plan.id) ?? true)
  )
  if (!same && !key.allowsFreeSizes) throw new PlanNotOffered()
  const plan = same ?? wanted
  const to = soldBy(plan)
  const from = { ...soldBy(instance), planId: instance.planId }
  if ((Object.keys(to) as (keyof typeof to)[]).every((name) => to[name] === from[name])) return null
  return instance.resize({ plan, by: null })
}
