import type { InstanceUsage, MetricsApi, PowerState } from '#drivers/contract'
import { text, type Json } from '#drivers/json'
import { numeric, stampIn, tagsIn } from '#drivers/proxmox/guest'
import type { ProxmoxGuests } from '#drivers/proxmox/guests'

/**
 * One question for the whole cluster. Its numbers are up to 10 s old, so nothing exact can be made of an uptime in
 * them; that a counter began again shows in the counter itself.
 */
export class ProxmoxMetrics implements MetricsApi {
  constructor(private readonly guests: ProxmoxGuests) {}

  async usage(): Promise<InstanceUsage[]> {
    const rows = await this.guests.rows()
    // Of one on a silent node nothing was measured: none of its counters may be believed.
    return rows.filter(({ type, status }) => type === 'lxc' && status !== 'unknown').map(usageOf)
  }
}

function usageOf(row: Json): InstanceUsage {
  const power = powerOf(row)
  const isRunning = power === 'running'
  return {
    ref: String(numeric(row.vmid)),
    stamp: stampIn(tagsIn(row.tags)),
    node: text(row.node),
    power,
    startedAt: null,
    cpuMs: 0,
    cpusInUse: isRunning ? numeric(row.cpu) * numeric(row.maxcpu) : 0,
    memoryBytes: isRunning ? numeric(row.mem) : 0,
    diskBytes: numeric(row.disk) || null,
    // Seen from the guest: "in" came into it.
    cards: isRunning
      ? [{ card: 'net0', receivedBytes: numeric(row.netin), sentBytes: numeric(row.netout) }]
      : [],
  }
}

function powerOf({ status }: Json): PowerState {
  return status === 'running' || status === 'stopped' ? status : 'unknown'
}
