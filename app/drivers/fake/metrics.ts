import type { InstanceUsage, MetricsApi } from '#drivers/contract'
import type { FakeAnswers } from '#drivers/fake/answers'
import { isoTime, type InstanceRow } from '#drivers/fake/instance'

type MeasuredRow = Pick<
  InstanceRow,
  'ref' | 'stamp' | 'node' | 'made' | 'power' | 'started_at' | 'cpus' | 'memory_mib' | 'disk_gib'
> & { cpu_ms: number; received_bytes: number; sent_bytes: number }

const DAY_MS = 86_400_000
/** Of what it has, in the mean; and how far a day goes above and below. */
const MEAN_CPU = 0.25
const SWING = 0.7
const RECEIVED_PER_MS = 12
const SENT_PER_MS = 30

/**
 * Guests that live: each has its own rhythm of the day, and its counters are the integral of it, so that they
 * only grow and nothing has to be written down. What a test has a guest do is added.
 */
export class FakeMetrics implements MetricsApi {
  constructor(private readonly answers: FakeAnswers) {}

  usage(): Promise<InstanceUsage[]> {
    return this.answers.give('usage', null, ({ file, options }) => {
      const now = Date.now()
      return file
        .all<MeasuredRow>(
          `SELECT instances.ref, stamp, node, made, power, instances.started_at, cpus, memory_mib,
             disk_gib, coalesce(cpu_ms, 0) AS cpu_ms, coalesce(received_bytes, 0) AS received_bytes,
             coalesce(sent_bytes, 0) AS sent_bytes
           FROM instances LEFT JOIN work
           ON work.ref = instances.ref AND work.started_at = instances.started_at`
        )
        .map((row) => measured(row, now, options.load / 100))
    })
  }
}

function measured(row: MeasuredRow, now: number, load: number): InstanceUsage {
  const phase = phaseOf(row.ref)
  const since = row.started_at
  const isUp = row.power === 'running' && since !== null
  const busyMs = isUp ? load * (integral(now, phase) - integral(since, phase)) : 0
  return {
    ref: row.ref,
    stamp: row.stamp,
    node: row.node,
    power: row.made ? row.power : 'unknown',
    startedAt: isoTime(since),
    cpuMs: isUp ? Math.floor(busyMs * MEAN_CPU * row.cpus) + row.cpu_ms : 0,
    memoryBytes: isUp ? Math.floor(row.memory_mib * 2 ** 20 * (0.3 + 0.15 * rate(now, phase))) : 0,
    diskBytes: Math.floor(row.disk_gib * 2 ** 30 * (0.2 + 0.3 * phase)),
    cards: isUp
      ? [
          {
            card: 'eth0',
            receivedBytes: Math.floor(busyMs * RECEIVED_PER_MS) + row.received_bytes,
            sentBytes: Math.floor(busyMs * SENT_PER_MS) + row.sent_bytes,
          },
        ]
      : [],
  }
}

/** 0 to 1, another for each name. */
function phaseOf(ref: string): number {
  let hash = 0
  for (const letter of ref) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0
  return (hash % 1_000) / 1_000
}

/** How busy it is at a moment; 1 in the mean. */
function rate(at: number, phase: number): number {
  return 1 + SWING * Math.sin(2 * Math.PI * (at / DAY_MS + phase))
}

function integral(at: number, phase: number): number {
  const turn = 2 * Math.PI
  return at - (SWING * DAY_MS * Math.cos(turn * (at / DAY_MS + phase))) / turn
}
