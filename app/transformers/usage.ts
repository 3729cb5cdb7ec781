import { DateTime } from 'luxon'
import type { I18n } from '@adonisjs/i18n'
import type Instance from '#models/instance'
import { GIB, isNear, isOver, monthEnd, shareOf } from '#models/traffic_month'
import {
  latestUsage,
  USAGE_RANGES,
  type UsageHistory,
  type UsagePoint,
} from '#models/usage_history'
import type { Formats } from '#start/view/formats'

export type Reader = { i18n: I18n; formats: Formats }

/** What may be used at most; null: not limited. */
export type Ceiling = {
  cpus: number
  memoryMib: number
  diskGib: number
  ingressMbps: number | null
  egressMbps: number | null
}

type Line = { values: (number | null)[]; limit?: true }

export type ChartView = {
  key: 'cpu' | 'memory' | 'disk' | 'network' | 'traffic' | 'io'
  title: string
  now: string
  of: string
  unit: string
  max: number | null
  times: number[]
  lines: Line[]
  legend: string[]
}

/** A limit that is not in sight would press everything else to the ground: then only the words tell it. */
const IN_SIGHT = 10
const HEADROOM = 1.05
const MIB_PER_GIB = 1_024

/** How far a reader's clock is ahead of UTC now, in minutes. */
export function zoneMinutes(zone: string): number {
  return DateTime.now().setZone(zone).offset
}

/** A page of usage: its charts with their words, and the ways to look at it. */
export function usagePage(
  history: UsageHistory,
  ceiling: Ceiling,
  path: string,
  reader: Reader,
  query: Record<string, string> = {}
) {
  const link = (more: Record<string, string>) =>
    `?${new URLSearchParams({ ...query, ...more }).toString()}`
  return {
    range: history.range,
    isEmpty: history.points.length === 0,
    ranges: USAGE_RANGES.map((range) => ({
      label: reader.i18n.t(`usage.range.${range}`),
      href: link({ range }),
      isActive: range === history.range,
    })),
    tablePath: link({ range: history.range, as: 'table' }),
    chartsPath: link({ range: history.range }),
    pointsPath: `${path}/points${link({ range: history.range })}`,
    charts: usageCharts(history, ceiling, reader),
    rows: () => history.points.toReversed().map((point) => tableRow(point, history, ceiling)),
  }
}

export function usageCharts(
  history: UsageHistory,
  { cpus, memoryMib, diskGib, ingressMbps, egressMbps }: Ceiling,
  { i18n, formats }: Reader
): ChartView[] {
  const t = (key: string, values = {}) => i18n.t(`usage.${key}`, values)
  const last = latestUsage(history)
  const grid = gridOf(history)
  const times = grid.map(({ at }) => at)
  const of = (read: (point: UsagePoint) => number | null): (number | null)[] =>
    grid.map(({ point }) => rounded(point ? read(point) : null))
  const limit = (value: number): Line => ({ values: times.map(() => value), limit: true })
  const shown = (value: number | null | undefined, write: (value: number) => string) =>
    value === null || value === undefined ? '—' : write(value)
  const rate = (bytes: number, { seconds }: UsagePoint) =>
    seconds > 0 ? (bytes * 8) / 1e6 / seconds : null
  const both = (point: UsagePoint) => point.receivedBytes + point.sentBytes

  const received = of((point) => rate(point.receivedBytes, point))
  const sent = of((point) => rate(point.sentBytes, point))
  const mbps = [ingressMbps, egressMbps].filter((each) => each !== null)
  const ceilingMbps = mbps.length > 0 ? Math.min(...mbps) : null
  const highest = Math.max(0, ...[...received, ...sent].map((value) => value ?? 0))
  const isCeilingInSight = ceilingMbps !== null && highest * IN_SIGHT >= ceilingMbps
  const total = history.points.reduce((sum, point) => sum + both(point), 0)
  const [size, unit] = amountUnit(Math.max(0, ...history.points.map(both)))

  return [
    {
      key: 'cpu',
      title: t('cpu'),
      now: shown(last?.cpus, (busy) => formats.percent(Math.min(1, busy / cpus))),
      of: t('of_cpus', { count: cpus }),
      unit: '%',
      max: 100 * HEADROOM,
      times,
      lines: [
        { values: of((point) => point.cpus && Math.min(100, (point.cpus / cpus) * 100)) },
        limit(100),
      ],
      legend: [t('used'), t('limit')],
    },
    {
      key: 'memory',
      title: t('memory'),
      now: shown(last?.memoryMib, (mib) => formats.mib(mib)),
      of: t('of', { amount: formats.mib(memoryMib) }),
      unit: memoryMib < MIB_PER_GIB ? 'MiB' : 'GiB',
      max: inUnit(memoryMib, memoryMib) * HEADROOM,
      times,
      lines: [
        { values: of((point) => inUnit(point.memoryMib, memoryMib)) },
        limit(inUnit(memoryMib, memoryMib)),
      ],
      legend: [t('used'), t('limit')],
    },
    {
      key: 'disk',
      title: t('disk'),
      now: shown(last?.diskMib, (mib) => formats.mib(mib)),
      of: t('of', { amount: formats.gib(diskGib) }),
      unit: 'GiB',
      max: diskGib * HEADROOM,
      times,
      lines: [
        { values: of((point) => point.diskMib && point.diskMib / MIB_PER_GIB) },
        limit(diskGib),
      ],
      legend: [t('used'), t('limit')],
    },
    {
      key: 'network',
      title: t('network'),
      now: shown(last && rate(both(last), last), (value) => formats.number(value)),
      of: ceilingMbps === null ? 'Mbit/s' : t('of_mbps', { mbps: ceilingMbps }),
      unit: 'Mbit/s',
      max: isCeilingInSight ? ceilingMbps * HEADROOM : null,
      times,
      lines: [
        { values: sent },
        { values: received },
        ...(isCeilingInSight ? [limit(ceilingMbps)] : []),
      ],
      legend: [t('sent'), t('received'), ...(isCeilingInSight ? [t('limit')] : [])],
    },
    {
      key: 'traffic',
      title: t('traffic'),
      now: formats.bytes(total),
      of: i18n.t(`usage.in_range.${history.range}`),
      unit,
      max: null,
      times,
      lines: [
        { values: of((point) => point.sentBytes / size) },
        { values: of((point) => point.receivedBytes / size) },
      ],
      legend: [t('sent'), t('received')],
    },
    ...ioChart(history, { i18n, formats }),
  ]
}

/** Of the disks; only the cluster measures it. */
function ioChart({ io = [], step }: UsageHistory, { i18n, formats }: Reader): ChartView[] {
  if (io.length === 0) return []
  const last = io.at(-1)!
  // A gap stays a gap.
  const grid = io.flatMap((point, index) => {
    const before = io[index - 1]
    const isGap = before !== undefined && point.at - before.at > 2 * step
    return isGap
      ? [
          { at: before.at + step, point: null },
          { at: point.at, point },
        ]
      : [{ at: point.at, point }]
  })
  const line = (read: (point: (typeof io)[number]) => number): Line => ({
    values: grid.map(({ point }) => rounded(point && read(point) / 1e6)),
  })
  return [
    {
      key: 'io',
      title: i18n.t('usage.io'),
      now: formats.number((last.readPerSecond + last.writtenPerSecond) / 1e6),
      of: 'MB/s',
      unit: 'MB/s',
      max: null,
      times: grid.map(({ at }) => at),
      lines: [
        line(({ writtenPerSecond }) => writtenPerSecond),
        line(({ readPerSecond }) => readPerSecond),
      ],
      legend: [i18n.t('usage.written'), i18n.t('usage.read')],
    },
  ]
}

/** The month's traffic; null on a page that has loaded none. Needs `Instance.forPage`. */
export function trafficMeter(instance: Instance) {
  const { traffic, trafficGib } = instance
  const usedBytes = traffic?.usedBytes ?? 0
  const share = shareOf({ usedBytes, allowedGib: trafficGib })
  return {
    usedBytes,
    allowedGib: trafficGib,
    allowedBytes: trafficGib === null ? null : trafficGib * GIB,
    receivedBytes: traffic?.receivedBytes ?? 0,
    sentBytes: traffic?.sentBytes ?? 0,
    waivedBytes: traffic?.waivedBytes ?? 0,
    percent: share === null ? null : Math.floor(share * 100),
    /** A key below `usage.notice`; null: nothing to tell. */
    notice: isOver(share) ? ('over' as const) : isNear(share) ? ('near' as const) : null,
    action: instance.trafficAction,
    throttleMbps: instance.throttleMbps,
    throttledMbps: instance.throttledMbps,
    endsAt: monthEnd(Date.now(), instance.cluster.timeZone),
    timeZone: instance.cluster.timeZone,
  }
}

/** The last hour in a few figures and a line. */
export function usageInShort(history: UsageHistory, { cpus, memoryMib, diskGib }: Ceiling) {
  const last = latestUsage(history)
  const share = (busy: number) => Math.min(1, busy / cpus)
  return {
    isEmpty: history.points.length === 0,
    cpu: last?.cpus === null || last === null ? null : share(last.cpus),
    memoryMib: last?.memoryMib ?? null,
    ofMemoryMib: memoryMib,
    diskMib: last?.diskMib ?? null,
    ofDiskMib: diskGib * MIB_PER_GIB,
    width: history.until - history.from,
    sparkline: polylines(
      gridOf(history).map(({ at, point }) => ({
        x: at - history.from,
        y:
          point?.cpus === null || point === null ? null : Math.round(100 - 100 * share(point.cpus)),
      }))
    ),
  }
}

/** A gap begins another line. */
function polylines(points: { x: number; y: number | null }[]): string[] {
  const lines: string[][] = [[]]
  for (const { x, y } of points) {
    if (y === null) lines.push([])
    else lines.at(-1)!.push(`${x},${y}`)
  }
  return lines.filter(({ length }) => length > 0).map((line) => line.join(' '))
}

/** All that these nodes have. */
export function ceilingOf(nodes: { cpus: number; memoryMib: number; diskGib: number }[]): Ceiling {
  const sum = (read: (node: { cpus: number; memoryMib: number; diskGib: number }) => number) =>
    Math.max(
      1,
      nodes.reduce((total, node) => total + read(node), 0)
    )
  return {
    cpus: sum(({ cpus }) => cpus),
    memoryMib: sum(({ memoryMib }) => memoryMib),
    diskGib: sum(({ diskGib }) => diskGib),
    ingressMbps: null,
    egressMbps: null,
  }
}

/**
 * The points with the ends of the range, and an empty one wherever a reading is missing: a gap stays a gap.
 * One that came a moment late is none.
 */
function gridOf({
  points,
  from,
  until,
  step,
}: UsageHistory): { at: number; point: UsagePoint | null }[] {
  const grid: { at: number; point: UsagePoint | null }[] = []
  let before = from
  for (const point of points) {
    if (point.at - before > 2 * step)
      grid.push({ at: before + (grid.length > 0 ? step : 0), point: null })
    grid.push({ at: Math.max(point.at, from), point })
    before = point.at
  }
  if (until > (grid.at(-1)?.at ?? from - 1)) grid.push({ at: until, point: null })
  if (grid[0]!.at > from) grid.unshift({ at: from, point: null })
  return grid.filter(({ at }, index) => index === 0 || at > grid[index - 1]!.at)
}

function tableRow(point: UsagePoint, { step }: UsageHistory, { cpus }: Ceiling) {
  return {
    from: new Date(point.at * 1_000),
    until: new Date((point.at + step) * 1_000),
    cpu: point.cpus === null ? null : point.cpus / cpus,
    memoryMib: point.memoryMib,
    diskMib: point.diskMib,
    receivedBytes: point.receivedBytes,
    sentBytes: point.sentBytes,
  }
}

function inUnit(mib: number, scaleMib: number): number
function inUnit(mib: number | null, scaleMib: number): number | null
function inUnit(mib: number | null, scaleMib: number): number | null {
  return mib === null || scaleMib < MIB_PER_GIB ? mib : mib / MIB_PER_GIB
}

function amountUnit(bytes: number): [size: number, unit: string] {
  if (bytes >= GIB) return [GIB, 'GiB']
  return bytes >= 2 ** 20 ? [2 ** 20, 'MiB'] : [2 ** 10, 'KiB']
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 100) / 100
}
