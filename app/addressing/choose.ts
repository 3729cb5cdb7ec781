import type { AddressKey } from '#addressing/address'
import type { AddressRange } from '#addressing/cidr'
import { addressAt, sizeOf } from '#addressing/ranges'

/** What is known of the addresses that are taken. Two questions, so that nobody has to list them all. */
export interface TakenAddresses {
  /** Which of these keys are taken. */
  among(keys: AddressKey[]): Promise<ReadonlySet<AddressKey>>
  /** How many are taken from `first` to `last`, counting only those inside the pool's ranges. */
  count(first: AddressKey, last: AddressKey): Promise<number>
}

/** With nine of ten addresses taken, sixteen tries at random miss one time in five. */
const PROBES = 16
/** A stretch this short is read whole. */
const READ_WHOLE = 256n
const SEARCHES = 8

/**
 * A free address of `ranges` (merged), or null when all are taken. Drawn at random: fifty creates at once
 * then rarely try the same one, and an address that was just given back is not the next one to be given
 * out, while neighbours still know its old owner. Asks a number of questions that grows with the logarithm
 * of the pool's size, however many addresses are taken. `random` gives a number in [0, 1).
 */
export async function chooseAddress(
  ranges: readonly AddressRange[],
  taken: TakenAddresses,
  random: () => number = Math.random
): Promise<AddressKey | null> {
  const total = sizeOf(ranges)
  if (total === 0n) return null
  if (total > READ_WHOLE) {
    const probes = Array.from({ length: PROBES }, () =>
      addressAt(ranges, randomBelow(total, random))
    )
    const missed = await taken.among(probes)
    const hit = probes.find((key) => !missed.has(key))
    if (hit) return hit
  }
  // While others lease, a stretch may fill up between two questions: only a full pool ends the search.
  for (let attempt = 0; attempt < SEARCHES; attempt++) {
    const found = await search(ranges, taken, random)
    if (found !== 'missed') return found
  }
  return null
}

/** Halves the pool again and again, each time into the half a free address drawn at random would be in. */
async function search(
  ranges: readonly AddressRange[],
  taken: TakenAddresses,
  random: () => number
): Promise<AddressKey | null | 'missed'> {
  const countFree = async (from: bigint, to: bigint) =>
    to - from - BigInt(await taken.count(addressAt(ranges, from), addressAt(ranges, to - 1n)))

  let [from, to] = [0n, sizeOf(ranges)]
  if (to - from > READ_WHOLE) {
    let free = await countFree(from, to)
    if (free <= 0n) return null
    while (to - from > READ_WHOLE && free > 0n) {
      const middle = (from + to) / 2n
      const freeLeft = await countFree(from, middle)
      if (randomBelow(free, random) < freeLeft) [to, free] = [middle, freeLeft]
      else [from, free] = [middle, free - freeLeft]
    }
    if (free <= 0n) return 'missed'
  }
  const keys = Array.from({ length: Number(to - from) }, (_, step) =>
    addressAt(ranges, from + BigInt(step))
  )
  const gone = await taken.among(keys)
  const left = keys.filter((key) => !gone.has(key))
  if (left.length > 0) return left[Number(randomBelow(BigInt(left.length), random))]!
  return keys.length === Number(sizeOf(ranges)) ? null : 'missed'
}

function randomBelow(limit: bigint, random: () => number): bigint {
  let number = 0n
  for (let bits = 0n; limit >> bits > 0n; bits += 32n) {
    number = (number << 32n) | BigInt(Math.floor(random() * 2 ** 32))
  }
  return number % limit
}
