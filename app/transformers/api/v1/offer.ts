import type { Offer, OfferedImage, OfferedPlan } from '#models/offer'

/** What can be ordered: the uid is what an order takes. */
export function apiImages({ images }: Offer) {
  return images.map(({ title, kind, os, copies }: OfferedImage) => ({
    uid: copies[0]!.uid,
    name: title,
    kind,
    os,
  }))
}

export function apiPlans({ plans }: Offer) {
  return plans.map(({ plan, exceeds }: OfferedPlan) => ({
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
    /** Quotas that one more of it would exceed. */
    exceeds,
  }))
}
