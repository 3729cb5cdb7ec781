import { parseAddress, type AddressKey } from '#addressing/address'
import { contains, parseCidr, type AddressRange, type Cidr } from '#addressing/cidr'
import { mergeRanges, sizeOf } from '#addressing/ranges'

export const LIST_PROBLEMS = [
  /** Neither an address, nor a range, nor a network. */
  'unreadable',
  /** The first address of a range stands behind its last one. */
  'reversed',
  /** IPv6 in an IPv4 pool, or the other way round. */
  'other_family',
  /** Not, or not wholly, in the pool's network. */
  'outside',
  /** 10.0.0.5/24: an address with bits behind the prefix is no network. */
  'not_a_network',
] as const
export type ListProblemReason = (typeof LIST_PROBLEMS)[number]

export type ListProblem = { line: number; text: string; reason: ListProblemReason }

export type ParsedList = {
  /** Merged. */
  ranges: AddressRange[]
  problems: ListProblem[]
  /** How many addresses were named more than once. */
  repeated: bigint
}

/**
 * Reads what a person pasted: one address, range (`a-b`) or network (`a/n`) a line. Empty lines and what
 * follows a `#` do not count. A line that cannot be used is named; the others still are.
 */
export function parseList(text: string, within: Cidr): ParsedList {
  const found: AddressRange[] = []
  const problems: ListProblem[] = []
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    const entry = line.replace(/#.*/, '').trim()
    if (entry === '') continue
    const result = parseEntry(entry, within)
    if (typeof result === 'string') problems.push({ line: index + 1, text: entry, reason: result })
    else found.push(result)
  }
  const ranges = mergeRanges(found)
  return { ranges, problems, repeated: sizeOf(found) - sizeOf(ranges) }
}

function parseEntry(entry: string, within: Cidr): AddressRange | ListProblemReason {
  const range = entry.includes('/') ? parseNetwork(entry) : parseRange(entry)
  if (typeof range === 'string') return range
  if (range.family !== within.family) return 'other_family'
  if (!contains(within, range.firstKey) || !contains(within, range.lastKey)) return 'outside'
  return { firstKey: range.firstKey, lastKey: range.lastKey }
}

type FoundRange = { family: 4 | 6; firstKey: AddressKey; lastKey: AddressKey }

function parseNetwork(entry: string): FoundRange | ListProblemReason {
  const cidr = parseCidr(entry)
  if (cidr) return cidr
  const [address, prefix] = entry.split('/')
  const parsed = parseAddress(address!)
  const isPrefix =
    /^\d{1,3}$/.test(prefix!.trim()) && Number(prefix) <= (parsed?.family === 4 ? 32 : 128)
  return parsed && isPrefix ? 'not_a_network' : 'unreadable'
}

function parseRange(entry: string): FoundRange | ListProblemReason {
  const [firstText, lastText, ...rest] = entry.split(/\s*[-–]\s*/)
  const first = parseAddress(firstText!)
  const last = lastText === undefined ? first : parseAddress(lastText)
  if (!first || !last || rest.length > 0) return 'unreadable'
  if (first.family !== last.family) return 'other_family'
  if (first.key > last.key) return 'reversed'
  return { family: first.family, firstKey: first.key, lastKey: last.key }
}
