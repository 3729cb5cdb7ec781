import type Image from '#models/image'
import type { Offer, OfferedImage, OfferedPlan } from '#models/offer'
import type Plan from '#models/plan'
import type { SizeChoice } from '#models/resize'

/** What can be ordered: the uid is what an order takes. */
export function apiImages({ images }: Offer) {
  return images.map(({ title, kind, os, copies }: OfferedImage) => ({
    uid: copies[0]!.uid,
    name: title,
    kind,
    os,
  }))
}

/** Where it can be ordered; left out of an order, Portico chooses. */
export function apiClusters({ clusters }: Offer) {
  return clusters.map(({ cluster: { uid, name }, pools }) => ({
    uid,
    name,
    families: [...new Set(pools.map(({ family }) => family))].toSorted(),
  }))
}

/** One of a cluster, from which an instance there can be built anew. */
export function apiImage({ uid, name, title, kind, os }: Image) {
  return { uid, name: title ?? name, kind, os }
}

export function apiPlans({ plans }: Offer) {
  return plans.map(({ plan, exceeds }: OfferedPlan) => ({
    ...apiPlan(plan),
    /** Quotas that one more of it would exceed. */
    exceeds,
  }))
}

/** `refusal`: why an instance cannot have it; null: it can. */
export function apiPlanChoice({ plan, refusal }: SizeChoice) {
  return { ...apiPlan(plan), refusal }
}

function apiPlan(plan: Plan) {
  return {
    uid: plan.uid,
    name: plan.name,
    description: plan.description,
    kind: plan.kind,
    cpus: plan.cpus,
    memory_mib: plan.memoryMib,
    disk_gib: plan.diskGib,
    ingress_mbps: plan.ingressMbps,
    egress_mbps: plan.egressMbps,
    traffic_gib: plan.trafficGib,
    snapshot_limit: plan.snapshotLimit,
    port_forward_limit: plan.portForwardLimit,
  }
}
