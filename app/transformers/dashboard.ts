import type { Capacity } from '#models/capacity'
import { sumOf } from '#models/capacity'
import type { HourOfOperations, TroubledOperation } from '#models/platform_activity'
import type { OperationState } from '#models/types'
import { percentOf } from '#transformers/cluster'
import { readMoment } from '#transformers/moment'

/** Totals over all clusters, with the shares that are sold. */
export function totals(capacities: Iterable<Capacity>) {
  const capacity = sumOf(capacities)
  return { ...capacity, percent: percentOf(capacity) }
}

/** `rate` is the share of what ended well, null when nothing ended. */
export function operationTotals(counts: Partial<Record<OperationState, number>>) {
  const of = (state: OperationState) => counts[state] ?? 0
  const ended = of('succeeded') + of('failed') + of('cancelled')
  return {
    ended,
    failed: of('failed'),
    running: of('queued') + of('running') + of('compensating'),
    needsAttention: of('needs_attention'),
    rate: ended > 0 ? 1 - of('failed') / ended : null,
  }
}

export function troubledOperation(operation: TroubledOperation) {
  return {
    uid: operation.uid,
    path: `/admin/operations/${operation.uid}`,
    type: operation.type,
    state: operation.state,
    error: operation.error,
    failures: operation.failures,
    since: readMoment(operation.created_at),
    instance: operation.instance,
    organization: operation.organization,
    cluster: operation.cluster,
  }
}

/** What the chart component takes. */
export function hourChart(hours: HourOfOperations[]) {
  return {
    times: hours.map(({ hour }) => hour.toSeconds()),
    lines: [
      { values: hours.map(({ succeeded }) => succeeded) },
      { values: hours.map(({ failed }) => failed) },
    ],
    lastHour: hours.at(-1)?.succeeded ?? 0,
    isEmpty: hours.every(({ succeeded, failed }) => succeeded + failed === 0),
  }
}
