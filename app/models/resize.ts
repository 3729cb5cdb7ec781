import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import {
  DiskCannotShrink,
  NoCapacity,
  NotPossibleNow,
  PlanNotOffered,
} from '#exceptions/domain_error'
import Cluster from '#models/cluster'
import type Instance from '#models/instance'
import type { DeedOrder, FreeSize } from '#models/instance'
import type Operation from '#models/operation'
import Plan from '#models/plan'
import Quota from '#models/quota'
import { roomIn } from '#models/room'

export type ResizeOrder = DeedOrder & { plan: Plan | FreeSize }

/** What an instance was sold: its plan, and the plan's limits at that time. */
export type Sold = Omit<FreeSize, 'kind'> & { planId: number | null }

/** What of it is counted: in quotas, and against the room of its node. */
type Counted = Pick<Sold, 'cpus' | 'memoryMib' | 'diskGib'>

/** To what an instance can be changed: what is on offer in its cluster for its kind. */
export function plansFor({ clusterId, kind }: Instance): Promise<Plan[]> {
  return Plan.query()
    .where('kind', kind)
    .whereNull('archived_at')
    .whereHas('clusters', (clusters) => clusters.where('clusters.id', clusterId))
    .orderBy('position')
    .orderBy('id')
    .exec()
}

export type SizeChoice = {
  plan: Plan
  /** Why not; null: it may be chosen. */
  refusal: 'current' | 'disk' | 'quota' | 'room' | null
}

/** Each with what would be answered now. */
export async function choicesOfSize(instance: Instance): Promise<SizeChoice[]> {
  const plans = await plansFor(instance)
  const from = soldTo(instance)
  const choices: SizeChoice[] = []
  for (const plan of plans) {
    choices.push({ plan, refusal: await refusalOf(instance, from, soldBy(plan)) })
  }
  return choices
}

async function refusalOf(instance: Instance, from: Sold, to: Sold): Promise<SizeChoice['refusal']> {
  if (isSame(from, to)) return 'current'
  if (to.diskGib < from.diskGib) return 'disk'
  const more = {
    cpus: to.cpus - from.cpus,
    memory_mib: to.memoryMib - from.memoryMib,
    disk_gib: to.diskGib - from.diskGib,
  }
  if (!(await Quota.allows(instance.organizationId, more))) return 'quota'
  return (await hasRoom(instance, from, to)) ? null : 'room'
}

/**
 * Gives an instance another plan, or a size of its own. What it grows by is taken from the quota and from its node
 * at once; what it shrinks by is given back when it has shrunk. Until then its row says the larger of both.
 * @throws PlanNotOffered, DiskCannotShrink, QuotaExceeded, NoCapacity, InstanceBusy, NotPossibleNow
 */
export async function resize(
  instance: Instance,
  { plan, by, requestKey }: ResizeOrder
): Promise<Operation> {
  if (!instance.isProvisioned) throw new NotPossibleNow()
  if (plan.kind !== instance.kind) throw new PlanNotOffered()
  const to = soldBy(plan)
  return instance.begin({ type: 'instance.resize', requestedBy: by, requestKey }, async (trx) => {
    await Cluster.query({ client: trx }).where('id', instance.clusterId).forUpdate().firstOrFail()
    await instance.useTransaction(trx).refresh()
    const from = soldTo(instance)
    if (to.diskGib < from.diskGib) throw new DiskCannotShrink({ least: from.diskGib })
    if (isSame(from, to)) throw new NotPossibleNow()
    if (!(await hasRoom(instance, from, to, trx))) throw new NoCapacity()
    await reserve(instance, largerOf(from, to), trx)
    return { from, to }
  })
}

export function soldBy(plan: Plan | FreeSize): Sold {
  return {
    planId: plan instanceof Plan ? plan.id : null,
    cpus: plan.cpus,
    memoryMib: plan.memoryMib,
    diskGib: plan.diskGib,
    ingressMbps: plan.ingressMbps,
    egressMbps: plan.egressMbps,
    trafficGib: plan.trafficGib,
    trafficAction: plan.trafficAction,
    throttleMbps: plan.throttleMbps,
    snapshotLimit: plan.snapshotLimit,
    portForwardLimit: plan.portForwardLimit,
  }
}

/** Its row and its quota count this much from now on. @throws QuotaExceeded */
export async function reserve(
  instance: Instance,
  counted: Counted,
  trx: TransactionClientContract
): Promise<void> {
  const { cpus, memoryMib, diskGib } = counted
  await Quota.hold(
    instance.organizationId,
    instance.quotaSubject,
    { cpus, memory_mib: memoryMib, disk_gib: diskGib },
    trx
  )
  await instance.useTransaction(trx).merge({ cpus, memoryMib, diskGib }).save()
}

function soldTo(instance: Instance): Sold {
  return { ...soldBy(instance), planId: instance.planId }
}

function isSame(from: Sold, to: Sold): boolean {
  return (Object.keys(to) as (keyof Sold)[]).every((key) => from[key] === to[key])
}

function largerOf(from: Counted, to: Counted): Counted {
  return {
    cpus: Math.max(from.cpus, to.cpus),
    memoryMib: Math.max(from.memoryMib, to.memoryMib),
    diskGib: Math.max(from.diskGib, to.diskGib),
  }
}

/** Only what it grows by is asked of its node: who shrinks, or stays, needs none. */
async function hasRoom(
  instance: Instance,
  from: Counted,
  to: Counted,
  trx?: TransactionClientContract
): Promise<boolean> {
  const more = {
    memoryMib: Math.max(0, to.memoryMib - from.memoryMib),
    diskGib: Math.max(0, to.diskGib - from.diskGib),
  }
  if (more.memoryMib + more.diskGib === 0 || instance.nodeId === null) return true
  const cluster = await Cluster.query({ client: trx }).where('id', instance.clusterId).firstOrFail()
  const rooms = await roomIn([cluster], trx)
  const room = rooms.find(({ nodeId }) => nodeId === instance.nodeId)
  const fits = (key: keyof typeof more) => more[key] === 0 || (room?.[key] ?? 0) >= more[key]
  return fits('memoryMib') && fits('diskGib')
}
