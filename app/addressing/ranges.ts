import {
  formatAddress,
  keyToNumber,
  numberToKey,
  parseAddress,
  type AddressKey,
} from '#addressing/address'
import { contains, type AddressRange, type Cidr, usableRange } from '#addressing/cidr'

/*
| Sets of addresses, kept as ranges. "Merged" means sorted, not overlapping and not touching, so that
| equal sets look equal; every function here takes ranges in any order and gives merged ones.
*/

export function mergeRanges(ranges: readonly AddressRange[]): AddressRange[] {
  const merged: AddressRange[] = []
  for (const range of ranges.toSorted((a, b) => compare(a.firstKey, b.firstKey))) {
    const last = merged.at(-1)
    if (last && keyToNumber(range.firstKey) <= keyToNumber(last.lastKey) + 1n) {
      if (range.lastKey > last.lastKey) last.lastKey = range.lastKey
    } else {
      merged.push({ ...range })
    }
  }
  return merged
}

export function subtractRanges(
  ranges: readonly AddressRange[],
  removed: readonly AddressRange[]
): AddressRange[] {
  const left: AddressRange[] = []
  const gaps = mergeRanges(removed)
  for (const range of mergeRanges(ranges)) {
    let first = keyToNumber(range.firstKey)
    const last = keyToNumber(range.lastKey)
    for (const gap of gaps) {
      const gapFirst = keyToNumber(gap.firstKey)
      const gapLast = keyToNumber(gap.lastKey)
      if (gapLast < first) continue
      if (gapFirst > last) break
      if (gapFirst > first) left.push(toRange(first, gapFirst - 1n))
      first = gapLast + 1n
    }
    if (first <= last) left.push(toRange(first, last))
  }
  return left
}

/** How many addresses; ranges that overlap count twice, so merge them first. */
export function sizeOf(ranges: readonly AddressRange[]): bigint {
  return ranges.reduce(
    (sum, { firstKey, lastKey }) => sum + keyToNumber(lastKey) - keyToNumber(firstKey) + 1n,
    0n
  )
}

export function includes(ranges: readonly AddressRange[], key: AddressKey): boolean {
  return ranges.some(({ firstKey, lastKey }) => key >= firstKey && key <= lastKey)
}

/** The address at a position, counted through all ranges in the order given. */
export function addressAt(ranges: readonly AddressRange[], index: bigint): AddressKey {
  let left = index
  for (const range of ranges) {
    const size = sizeOf([range])
    if (left < size) return numberToKey(keyToNumber(range.firstKey) + left)
    left -= size
  }
  throw new RangeError('the position lies behind the last address')
}

/** What may be handed out of a network: its usable part without the gateway. */
export function leasableRanges(
  ranges: readonly AddressRange[],
  cidr: Cidr,
  gateway: AddressKey | null
): AddressRange[] {
  const usable = usableRange(cidr)
  const inside = ranges
    .map(({ firstKey, lastKey }) => ({
      firstKey: firstKey < usable.firstKey ? usable.firstKey : firstKey,
      lastKey: lastKey > usable.lastKey ? usable.lastKey : lastKey,
    }))
    .filter(({ firstKey, lastKey }) => firstKey <= lastKey)
  return subtractRanges(inside, gateway === null ? [] : [{ firstKey: gateway, lastKey: gateway }])
}

/** One range a line, as a person would write them and `parseList` reads them. */
export function formatRanges(ranges: readonly AddressRange[], family: 4 | 6): string {
  return ranges
    .map(({ firstKey, lastKey }) => {
      const first = formatAddress(firstKey, family)
      return firstKey === lastKey ? first : `${first}-${formatAddress(lastKey, family)}`
    })
    .join('\n')
}

/** @returns null when it is no address, or not one of this network */
export function addressWithin(text: string, cidr: Cidr): AddressKey | null {
  const address = parseAddress(text)
  if (!address || address.family !== cidr.family || !contains(cidr, address.key)) return null
  return address.key
}

function toRange(first: bigint, last: bigint): AddressRange {
  return { firstKey: numberToKey(first), lastKey: numberToKey(last) }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
