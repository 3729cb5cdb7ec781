import type { BilledRow } from '#models/billed_row'
import type Instance from '#models/instance'
import { GIB } from '#models/traffic_month'
import type { InstancePhase } from '#models/types'
import { readMoment } from '#transformers/moment'

/** The first generation's words for a state … */
const FIRST_WORDS: Partial<Record<InstancePhase, string>> = {
  running: 'running',
  stopped: 'stop',
  frozen: 'frozen',
}
/** … and the second's. */
const SECOND_WORDS: Partial<Record<InstancePhase, string>> = {
  running: 'RUNNING',
  stopped: 'STOPPED',
  frozen: 'FROZEN',
}

const MIB_PER_GIB = 1024
const MIB = 1_048_576

/**
 * An instance as both generations of the plugin read it: the first under capitalised names, the second under
 * small ones.
 */
export function billedInstance(instance: BilledRow) {
  const ipv4 = instance.addresses.find((address) => !address.includes(':')) ?? null
  const ipv6 = instance.addresses.find((address) => address.includes(':')) ?? null
  const diskMib = instance.diskGib * MIB_PER_GIB
  // A suspended one is stopped; to the billing system it is frozen, which it shows as suspended.
  const phase = instance.isSuspended ? 'frozen' : instance.phase
  const status = phase ? SECOND_WORDS[phase] : undefined
  return {
    Hostname: instance.billingReference,
    Status: (phase && FIRST_WORDS[phase]) ?? 'unknown',
    CPUCores: instance.cpus,
    TotalRam: instance.memoryMib,
    TotalDisk: diskMib,
    IP: ipv4 ?? ipv6 ?? 'N/A',
    Bandwidth: instance.trafficGib ?? 0,
    ImageSourceAlias: instance.image,

    hostname: instance.billingReference,
    status: status ?? 'UNKNOWN',
    ipv4,
    ipv6,
    type: instance.kind,
    created_at: readMoment(instance.createdAt).toISO(),
    config: {
      cpus: instance.cpus,
      memory: `${instance.memoryMib}MB`,
      disk: `${diskMib}MB`,
      traffic_limit: instance.trafficGib ?? 0,
    },
    memory: instance.memoryMib,
    disk: diskMib,
  }
}

/** What it uses, in the same two generations of words; what is not known is 0. */
export function billedUsage(instance: BilledRow) {
  const { usage } = instance
  const totalMib = instance.diskGib * MIB_PER_GIB
  const cpu = usage?.cpus ? rounded(Math.min(100, (usage.cpus / instance.cpus) * 100)) : 0
  const memoryMib = Math.round(usage?.memoryMib ?? 0)
  const diskMib = Math.round(usage?.diskMib ?? 0)
  const traffic = billedTraffic(instance)
  return {
    UsedCPU: cpu,
    UsedRam: memoryMib,
    UsedDisk: diskMib,
    UseBandwidth: traffic.used,
    UseBandwidth_GB: traffic.used,

    cpu_usage: `${cpu}%`,
    cpu_percent: cpu,
    memory_usage: `${memoryMib} MB`,
    memory_usage_raw: memoryMib * MIB,
    memory_percent: percent(memoryMib, instance.memoryMib),
    disk_usage: `${diskMib} MB`,
    disk_usage_raw: diskMib * MIB,
    disk_percent: percent(diskMib, totalMib),
    traffic_usage: `${traffic.used} GB`,
    traffic_usage_raw: traffic.used_bytes,
  }
}

/** The month that goes on, both directions; `limit` 0: as much as it likes. */
export function billedTraffic({
  traffic,
  trafficGib,
  billingReference,
}: Pick<Instance | BilledRow, 'traffic' | 'trafficGib' | 'billingReference'>) {
  const usedBytes = traffic?.usedBytes ?? 0
  return {
    hostname: billingReference,
    used: rounded(usedBytes / GIB),
    used_bytes: usedBytes,
    limit: trafficGib ?? 0,
    month: traffic?.month ?? null,
  }
}

/** What a plugin stores with the customer's product after a create. Needs `BilledInstance.loadForAccess`. */
export function billedAddresses(instance: Instance) {
  const [first, ...others] = instance.addresses.map(({ address }) => address)
  const [ssh] = instance.portForwards
  return {
    dedicatedip: ssh?.address ?? first ?? null,
    assignedips: (ssh ? instance.addresses.map(({ address }) => address) : others).join(','),
    ...(ssh && { ssh_port: ssh.firstPort }),
  }
}

/** Its addresses of one family, as the tabs of the second generation list them. Needs `addresses`. */
export function billedAddressRows(instance: Instance, family: 4 | 6) {
  return instance.addresses
    .filter((each) => each.family === family)
    .map(({ address }) => ({
      container_name: instance.billingReference,
      [`public_ipv${family}`]: address,
      [`container_ipv${family}`]: address,
      status: 'active',
    }))
}

function percent(part: number, whole: number): number {
  return whole > 0 ? rounded(Math.min(100, (part / whole) * 100)) : 0
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
