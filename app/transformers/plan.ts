import type Plan from '#models/plan'

/** One line of the staff's list; `clusters` is loaded. */
export function planRow(plan: Plan, instances = 0) {
  return {
    uid: plan.uid,
    path: `/admin/plans/${plan.uid}`,
    name: plan.name,
    description: plan.description,
    kind: plan.kind,
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
    position: plan.position,
    clusters: plan.clusters.map(({ uid, name }) => ({ uid, name })),
    isArchived: plan.archivedAt !== null,
    state: plan.archivedAt ? 'retired' : 'available',
    instances,
  }
}
