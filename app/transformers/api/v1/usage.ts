import type Instance from '#models/instance'
import type { UsageHistory, UsagePoint } from '#models/usage_history'
import { trafficMeter } from '#transformers/usage'

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

/** The month's traffic. Needs `Instance.forPage`. */
export function apiTraffic(instance: Instance) {
  const meter = trafficMeter(instance)
  return {
    used_bytes: meter.usedBytes,
    received_bytes: meter.receivedBytes,
    sent_bytes: meter.sentBytes,
    /** Not counted: staff began anew. */
    waived_bytes: meter.waivedBytes,
    allowed_gib: meter.allowedGib,
    percent: meter.percent,
    /** What happens when all of it is used. */
    action: meter.action,
    throttle_mbps: meter.throttleMbps,
    /** What is left of its bandwidth now; null: all of it. */
    throttled_mbps: meter.throttledMbps,
    ends_at: meter.endsAt.toISO(),
    time_zone: meter.timeZone,
  }
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 100) / 100
}
