import type { I18n } from '@adonisjs/i18n'
import Instance from '#models/instance'
import type Operation from '#models/operation'
import type { UsagePoint } from '#models/usage_history'
import { billedTraffic } from '#transformers/api/billing/instance'
import { apiUsagePoint } from '#transformers/api/v1/usage'
import { operationTitle, stepOf } from '#transformers/operation'

const MIB_PER_GIB = 1024

/** Needs `BilledInstance.loadForDetails`; `usage` is the last minute that was counted, null: it is not known. */
export function billedDetails(instance: Instance, usage: UsagePoint | null, i18n: I18n) {
  const { openOperation: open, suspensions, cluster } = instance
  const used = usage && apiUsagePoint(usage, instance)
  const traffic = billedTraffic(instance)
  return {
    hostname: instance.billingReference,
    state: Instance.status(instance.phase, open, instance.isSuspended),
    suspended_for: [...new Set(suspensions.map(({ reason }) => reason))],
    operation: open && billedOperation(open, instance.name, i18n),
    kind: instance.kind,
    image: instance.image?.title ?? instance.image?.name ?? null,
    created_at: instance.createdAt.toISO(),
    cpus: instance.cpus,
    memory_mb: instance.memoryMib,
    disk: {
      name: 'root',
      pool: cluster.settings.storagePool ?? null,
      size_mb: instance.diskGib * MIB_PER_GIB,
    },
    used: {
      cpu_percent: used?.cpu_percent ?? null,
      memory_mb: used?.memory_mib ?? null,
      disk_mb: used?.disk_mib ?? null,
    },
    traffic: {
      used_gb: traffic.used,
      limit_gb: instance.trafficGib,
      month: traffic.month,
    },
    mac_address: instance.macAddress,
    ingress_mbps: instance.ingressMbps,
    egress_mbps: instance.egressMbps,
    throttled_mbps: instance.throttledMbps,
    addresses: instance.addresses.map(({ address, family, addressPool: pool }) => ({
      address,
      family,
      prefix_length: pool.prefixLength,
      gateway: pool.gateway,
      nameservers: pool.nameserverList,
    })),
    ssh: sshOf(instance),
    forward_limit: instance.portForwardLimit,
    snapshot_limit: instance.snapshotLimit,
    can: [...instance.facets, 'sign_on'],
  }
}

function billedOperation(operation: Operation, name: string, i18n: I18n) {
  const { key, values } = operationTitle(operation, name)
  const { number, count, name: step } = stepOf(operation)
  return {
    task_id: operation.uid,
    type: operation.type,
    title: i18n.t(key, values),
    step: number,
    steps: count,
    step_title: i18n.t(`operations.step.${step}`),
  }
}

/** How one gets in: through the forwarded port, else straight. */
function sshOf({ portForwards: [forward], addresses: [first] }: Instance) {
  if (forward) return { host: forward.address, port: forward.firstPort }
  return first ? { host: first.address, port: 22 } : null
}
