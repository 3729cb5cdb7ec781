import { keyToNumber, numberToKey, type AddressKey } from '#addressing/address'
import { rangeSize, type AddressRange } from '#addressing/cidr'

/** Below this size a pool is searched from its start; above, a random try nearly always hits. */
const SEARCHED_WHOLE = 65_536n

/**
 * A free address of `ranges`, or null when all are taken. `taken` must hold every leased key of a pool
 * that is searched whole; of a larger pool it may be a part, because the unique key has the last word.
 * `random` gives a number from 0 up to, not including, 1.
 */
export function chooseAddress(
  ranges: AddressRange[],
  taken: ReadonlySet<AddressKey>,
  random: () => number = Math.random
): AddressKey | null {
  const total = ranges.reduce((sum, range) => sum + rangeSize(range), 0n)
  if (total === 0n) return null

  if (total > SEARCHED_WHOLE) {
    for (let attempt = 0; attempt < 64; attempt++) {
      const key = nth(ranges, BigInt(Math.floor(random() * 2 ** 52)) % total)
      if (!taken.has(key)) return key
    }
    return null
  }

  // Begin anywhere: fifty creates at once then rarely try the same address, and an address that was
  // just given back is not the next one to be given out, while neighbours still know its old owner.
  const start = BigInt(Math.floor(random() * Number(total)))
  for (let step = 0n; step < total; step++) {
    const key = nth(ranges, (start + step) % total)
    if (!taken.has(key)) return key
  }
  return null
}

export function isSearchedWhole(ranges: AddressRange[]): boolean {
  return ranges.reduce((sum, range) => sum + rangeSize(range), 0n) <= SEARCHED_WHOLE
}

function nth(ranges: AddressRange[], index: bigint): AddressKey {
  let left = index
  for (const range of ranges) {
    const size = rangeSize(range)
    if (left < size) return numberToKey(keyToNumber(range.firstKey) + left)
    left -= size
  }
  throw new RangeError('index beyond the ranges')
}
