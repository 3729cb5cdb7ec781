import Instance from '#models/instance'
import type { InstanceRow } from '#models/instance_list'

/** One instance; needs what `loadForApi` loads. */
export function apiInstance(instance: Instance) {
  const open = instance.operations[0] ?? null
  return {
    uid: instance.uid,
    name: instance.name,
    status: Instance.status(instance.phase, open, instance.isSuspended),
    kind: instance.kind,
    cpus: instance.cpus,
    memory_mib: instance.memoryMib,
    disk_gib: instance.diskGib,
    ingress_mbps: instance.ingressMbps,
    egress_mbps: instance.egressMbps,
    traffic_gib: instance.trafficGib,
    snapshot_limit: instance.snapshotLimit,
    port_forward_limit: instance.portForwardLimit,
    suspended_for: instance.suspensions.map(({ reason }) => reason),
    plan: instance.plan ? { uid: instance.plan.uid, name: instance.plan.name } : null,
    image: instance.image
      ? { uid: instance.image.uid, name: instance.image.title ?? instance.image.name }
      : null,
    cluster: { uid: instance.cluster.uid, name: instance.cluster.name },
    addresses: instance.addresses.map(({ family, address }) => ({ family, address })),
    operation: open?.uid ?? null,
    created_at: instance.createdAt.toISO(),
    observed_at: instance.observedAt?.toISO() ?? null,
  }
}

/** One of a list, which is read without models. */
export function apiInstanceRow(row: InstanceRow) {
  return {
    uid: row.uid,
    name: row.name,
    status: Instance.status(row.phase, row.operation, row.is_suspended),
    kind: row.kind,
    cpus: row.cpus,
    memory_mib: row.memory_mib,
    disk_gib: row.disk_gib,
    plan: row.plan,
    image: row.image,
    cluster: row.cluster,
    addresses: row.addresses ? row.addresses.split(',') : [],
    operation: row.operation?.uid ?? null,
    created_at: new Date(row.created_at).toISOString(),
  }
}
