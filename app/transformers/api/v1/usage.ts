import type Instance from '#models/instance'
import type { UsageHistory, UsagePoint } from '#models/usage_history'

/** What an instance used, point by point; what was not measured is null. */
export function apiUsage({ range, step, points }: UsageHistory, instance: Instance) {
  return {
    range,
    step_seconds: step,
    points: points.map((point) => apiUsagePoint(point, instance)),
  }
}

export function apiUsagePoint(point: UsagePoint, { cpus }: Instance) {
  return {
    at: new Date(point.at * 1_000).toISOString(),
    cpu_percent: rounded(point.cpus === null ? null : Math.min(100, (point.cpus / cpus) * 100)),
    memory_mib: rounded(point.memoryMib),
    disk_mib: rounded(point.diskMib),
    received_bytes: point.receivedBytes,
    sent_bytes: point.sentBytes,
  }
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 100) / 100
}
