import type { HistoryApi, HistoryRange, MeasuredPoint } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { list, record, type Json } from '#drivers/json'
import { at, type ProxmoxClient } from '#drivers/proxmox/client'
import { numeric } from '#drivers/proxmox/guest'
import type { ProxmoxGuests } from '#drivers/proxmox/guests'

/** What the node measured: ever wider steps the longer ago, and others in each release. */
export class ProxmoxHistory implements HistoryApi {
  constructor(
    private readonly client: ProxmoxClient,
    private readonly guests: ProxmoxGuests
  ) {}

  async measured(ref: string, range: HistoryRange): Promise<MeasuredPoint[]> {
    const { node } = await this.guests.readOrFail(ref)
    try {
      const { data } = await this.client.get(at('nodes', node, 'lxc', ref, 'rrddata'), {
        timeframe: range,
        cf: 'AVERAGE',
      })
      return pointsOf(list(data).map(record))
    } catch (error) {
      // Of a new guest there is no file yet.
      if (error instanceof DriverError && /RRD error/i.test(error.message)) return []
      throw error
    }
  }
}

/** A row is as wide as it is away from the next one; of one without figures only the time is known. */
function pointsOf(rows: Json[]): MeasuredPoint[] {
  const sorted = rows.toSorted((one, other) => numeric(one.time) - numeric(other.time))
  return sorted.flatMap((row, index) => {
    const from = numeric(row.time)
    const next = sorted[index + 1] ?? row
    const before = sorted[index - 1] ?? row
    const seconds = next === row ? from - numeric(before.time) : numeric(next.time) - from
    if (row.maxmem === undefined || seconds <= 0) return []
    return [
      {
        at: from,
        seconds,
        cpus: numeric(row.cpu) * numeric(row.maxcpu),
        memoryBytes: numeric(row.mem),
        diskBytes: numeric(row.disk) || null,
        receivedPerSecond: numeric(row.netin),
        sentPerSecond: numeric(row.netout),
        readPerSecond: numeric(row.diskread),
        writtenPerSecond: numeric(row.diskwrite),
      },
    ]
  })
}
