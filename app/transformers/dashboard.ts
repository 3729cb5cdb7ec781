import type { Capacity } from '#models/capacity'
import { sumOf } from '#models/capacity'
import type { HourOfOperations, TroubledOperation } from '#models/platform_activity'
import type { OperationState } from '#models/types'
import type Cluster from '#models/cluster'
import type { Troubles } from '#models/doctor_check'
import { clusterPath, percentOf } from '#transformers/cluster'
import { readMoment } from '#transformers/moment'

/** Totals over all clusters, with the shares that are sold. */
export function totals(capacities: Iterable<Capacity>) {
  const capacity = sumOf(capacities)
  return { ...capacity, percent: percentOf(capacity) }
}

/** Troubles of all clusters, and where the one with the most of them is looked at. */
export function doctorTotals(
  clusters: Pick<Cluster, 'id' | 'uid'>[],
  troubles: Map<number, Troubles>
) {
  const weight = ({ id }: { id: number }) => {
    const { fail, warn } = troubles.get(id) ?? { fail: 0, warn: 0 }
    return fail * 1_000 + warn
  }
  const [worst] = clusters.toSorted((one, other) => weight(other) - weight(one))
  const all = [...troubles.values()]
  return {
    fail: all.reduce((sum, { fail }) => sum + fail, 0),
    warn: all.reduce((sum, { warn }) => sum + warn, 0),
    path: worst ? clusterPath(worst, 'doctor') : null,
  }
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
