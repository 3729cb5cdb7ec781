import type Instance from '#models/instance'
import type { InstancePhase } from '#models/types'

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

/**
 * An instance as both generations of the plugin read it: the first under capitalised names, the second under
 * small ones. Needs `addresses`, `image` and open `suspensions`.
 */
export function billedInstance(instance: Instance) {
  const ipv4 = addressOf(instance, 4)
  const ipv6 = addressOf(instance, 6)
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
    ImageSourceAlias: instance.image?.name ?? null,

    hostname: instance.billingReference,
    status: status ?? 'UNKNOWN',
    ipv4,
    ipv6,
    type: instance.kind,
    created_at: instance.createdAt.toISO(),
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

/** What a plugin stores with the customer's product after a create. Needs `addresses`. */
export function billedAddresses(instance: Instance) {
  const [first, ...others] = instance.addresses.map(({ address }) => address)
  return { dedicatedip: first ?? null, assignedips: others.join(',') }
}

function addressOf(instance: Instance, wanted: number): string | null {
  return instance.addresses.find(({ family }) => family === wanted)?.address ?? null
}
