import type { MeasuredPoint } from '#drivers/contract'
import { clusterHistory } from '#models/cluster_memory'
import type Instance from '#models/instance'
import {
  usageHistory,
  type UsageHistory,
  type UsagePoint,
  type UsageRange,
} from '#models/usage_history'
import { Recent } from '#services/recent'

const MINUTE = 60
const MIB = 2 ** 20

/** An open page asks each minute, and many may be open. */
const measured = new Recent<MeasuredPoint[]>(30_000)

/**
 * What an instance used: our own samples, and where there are none the cluster's figures, which are coarser the
 * older they are. What only the cluster measures is told beside them. Needs `cluster`.
 */
export async function joinedHistory(
  instance: Instance,
  range: UsageRange,
  { zoneMinutes = 0 }: { zoneMinutes?: number } = {}
): Promise<UsageHistory> {
  const [own, theirs] = await Promise.all([
    usageHistory({ instanceId: instance.id }, range, { zoneMinutes }),
    measured.of(`${instance.uid} ${range}`, () => clusterHistory(instance, range)),
  ])
  return join(own, theirs, zoneMinutes)
}

/** @param zoneMinutes as in `usageHistory`: spans begin where its own do */
export function join(own: UsageHistory, theirs: MeasuredPoint[], zoneMinutes = 0): UsageHistory {
  if (theirs.length === 0) return own
  const { from, until, step } = own
  const known = new Map(own.points.map((point) => [point.at, point]))
  const points: UsagePoint[] = []
  const io: UsageHistory['io'] = []
  let next = 0
  for (let at = from - ((from + zoneMinutes * MINUTE) % step); at <= until; at += step) {
    const middle = at + step / 2
    while (next < theirs.length && theirs[next]!.at + theirs[next]!.seconds <= middle) next += 1
    const span = theirs[next]
    const isCovered = span !== undefined && span.at <= middle && at + step <= until
    const ours = known.get(at)
    known.delete(at)
    if (ours) points.push(ours)
    else if (isCovered) points.push(pointOf(span, at, step))
    if (isCovered) {
      const { readPerSecond, writtenPerSecond } = span
      io.push({ at, readPerSecond, writtenPerSecond })
    }
  }
  // What lies between two of the spans, as when the clock was changed, is ours all the same.
  points.push(...known.values())
  return { ...own, points: points.toSorted((one, other) => one.at - other.at), io }
}

function pointOf(span: MeasuredPoint, at: number, seconds: number): UsagePoint {
  return {
    at,
    seconds,
    cpus: span.cpus,
    memoryMib: span.memoryBytes / MIB,
    diskMib: span.diskBytes === null ? null : span.diskBytes / MIB,
    receivedBytes: Math.round(span.receivedPerSecond * seconds),
    sentBytes: Math.round(span.sentPerSecond * seconds),
  }
}
