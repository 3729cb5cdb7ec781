/*
| Sets of ports, kept as ranges. "Merged" means sorted, not overlapping and not touching, so that equal sets
| look equal; every function here takes ranges in any order and gives merged ones.
*/

export const LAST_PORT = 65_535

export type PortRange = { first: number; last: number }

export const PORT_LIST_PROBLEMS = [
  /** Neither a port nor a range of ports. */
  'unreadable',
  /** 0, or beyond 65535. */
  'no_port',
  /** The first port of a range stands behind its last one. */
  'reversed',
] as const
export type PortListProblemReason = (typeof PORT_LIST_PROBLEMS)[number]

export type PortListProblem = { line: number; text: string; reason: PortListProblemReason }

export type ParsedPorts = { ranges: PortRange[]; problems: PortListProblem[] }

/**
 * Reads what a person typed or pasted: ports and ranges (`a-b`), apart by commas, blanks or lines. What
 * follows a `#` does not count. An entry that cannot be used is named with its line; the others still are.
 */
export function parsePorts(text: string): ParsedPorts {
  const found: PortRange[] = []
  const problems: PortListProblem[] = []
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    const entries = line
      .replace(/#.*/, '')
      .replaceAll(/\s*[-–]\s*/g, '-')
      .split(/[\s,;，、]+/)
    for (const entry of entries.filter(Boolean)) {
      const range = parseEntry(entry)
      if (typeof range === 'string') problems.push({ line: index + 1, text: entry, reason: range })
      else found.push(range)
    }
  }
  return { ranges: mergePorts(found), problems }
}

function parseEntry(entry: string): PortRange | PortListProblemReason {
  const [, firstText, lastText = firstText] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(entry) ?? []
  if (firstText === undefined) return 'unreadable'
  const range = { first: Number(firstText), last: Number(lastText) }
  if (!isPort(range.first) || !isPort(range.last)) return 'no_port'
  return range.first > range.last ? 'reversed' : range
}

export function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= LAST_PORT
}

export function mergePorts(ranges: readonly PortRange[]): PortRange[] {
  const merged: PortRange[] = []
  for (const range of ranges.toSorted((a, b) => a.first - b.first)) {
    const last = merged.at(-1)
    if (last && range.first <= last.last + 1) last.last = Math.max(last.last, range.last)
    else merged.push({ ...range })
  }
  return merged
}

export function subtractPorts(
  ranges: readonly PortRange[],
  removed: readonly PortRange[]
): PortRange[] {
  let left = mergePorts(ranges)
  for (const gap of removed) {
    left = left.flatMap((range) =>
      [
        { first: range.first, last: Math.min(range.last, gap.first - 1) },
        { first: Math.max(range.first, gap.last + 1), last: range.last },
      ].filter(({ first, last }) => first <= last && (last < gap.first || first > gap.last))
    )
  }
  return mergePorts(left)
}

/** Whether all ports of `wanted` are in the set. */
export function includesPorts(ranges: readonly PortRange[], wanted: PortRange): boolean {
  return subtractPorts([wanted], ranges).length === 0
}

/** How many ports; ranges that overlap count twice, so merge them first. */
export function countPorts(ranges: readonly PortRange[]): number {
  return ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0)
}

/** As a person would write them and `parsePorts` reads them. */
export function formatPorts(ranges: readonly PortRange[]): string {
  return ranges.map(formatRange).join(', ')
}

export function formatRange({ first, last }: PortRange): string {
  return first === last ? String(first) : `${first}-${last}`
}

/** The ports of a range one by one. */
export function portsOf({ first, last }: PortRange): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/**
 * Where `length` ports in a row may begin, as ranges of first ports, from which one is drawn: each place is
 * as likely as any other. `draw(n)` gives a whole number from 0 to n - 1.
 * @returns null when there is no such place
 */
export function drawRun(
  free: readonly PortRange[],
  length: number,
  draw: (count: number) => number
): PortRange | null {
  const starts = mergePorts(free)
    .map(({ first, last }) => ({ first, last: last - length + 1 }))
    .filter(({ first, last }) => first <= last)
  const count = countPorts(starts)
  if (count === 0) return null
  let left = draw(count)
  for (const { first, last } of starts) {
    const size = last - first + 1
    if (left < size) return { first: first + left, last: first + left + length - 1 }
    left -= size
  }
  throw new RangeError('what was drawn lies behind the last place')
}
