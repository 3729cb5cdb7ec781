import type { ClusterFacts, InstanceUsage, MetricsApi } from '#drivers/contract'
import { list, number, record } from '#drivers/json'
import { at, type LxdClient } from '#drivers/lxd/client'
import { parseInstance, powerOf, startedAt, type LxdInstance } from '#drivers/lxd/instance'

const READ_MS = 40_000

/**
 * Of the two answers that tell of everything at once this is the one that knows the stamp and what a disk
 * holds: /1.0/metrics tells the size of the pool instead.
 */
export class LxdMetrics implements MetricsApi {
  constructor(
    private readonly client: LxdClient,
    private readonly facts: ClusterFacts | null
  ) {}

  async usage(): Promise<InstanceUsage[]> {
    const { metadata } = await this.client.get(at('instances'), {
      query: { recursion: '2' },
      timeoutMs: READ_MS,
    })
    const node = this.facts?.clustered ? null : (this.facts?.serverName ?? null)
    return list(metadata).map((value) => usageOf(parseInstance(value), node))
  }
}

function usageOf(instance: LxdInstance, node: string | null): InstanceUsage {
  const { state } = instance
  const disk = record(record(state.disk).root)
  return {
    ref: instance.ref,
    stamp: instance.stamp,
    node: instance.location ?? node,
    power: powerOf(instance),
    startedAt: startedAt(instance),
    cpuMs: Math.floor(number(record(state.cpu).usage) / 1e6),
    memoryBytes: number(record(state.memory).usage),
    // A pool of directories does not count; a disk of no bytes is none that was counted.
    diskBytes: number(disk.usage) || null,
    cards: Object.entries(record(state.network))
      .filter(([name]) => name !== 'lo')
      .map(([card, value]) => {
        const counters = record(record(value).counters)
        return {
          card,
          receivedBytes: number(counters.bytes_received),
          sentBytes: number(counters.bytes_sent),
        }
      }),
  }
}
