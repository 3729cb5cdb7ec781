import { test } from '@japa/runner'
import fc from 'fast-check'
import { keyToNumber, numberToKey, type AddressKey } from '#addressing/address'
import { chooseAddress, type TakenAddresses } from '#addressing/choose'
import { includes, sizeOf } from '#addressing/ranges'

/** Taken addresses in memory, counting what they are asked. */
function takenOf(keys: Iterable<AddressKey>) {
  const all = new Set(keys)
  const asked = { among: 0, count: 0 }
  const taken: TakenAddresses = {
    among: async (wanted) => {
      asked.among += 1
      return new Set(wanted.filter((key) => all.has(key)))
    },
    count: async (first, last) => {
      asked.count += 1
      return [...all].filter((key) => key >= first && key <= last).length
    },
  }
  return { taken, asked }
}

const range = (first: number, size: number) => ({
  firstKey: numberToKey(BigInt(first)),
  lastKey: numberToKey(BigInt(first + size - 1)),
})
const keysOf = (first: number, size: number) =>
  Array.from({ length: size }, (_, index) => numberToKey(BigInt(first + index)))

test.group('Addressing | choosing', () => {
  test('what is chosen is in the pool and free, or the pool is full', async ({ assert }) => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1500 }),
        fc.array(fc.integer({ min: 0, max: 1499 }), { maxLength: 1600 }),
        fc.integer({ min: 0, max: 20 }),
        async (size, taken, gap) => {
          const ranges = [range(100, size), range(100 + size + gap + 1, 3)]
          const gone = new Set(taken.map((index) => numberToKey(BigInt(100 + index))))
          const chosen = await chooseAddress(ranges, takenOf(inRanges(gone, ranges)).taken)
          if (chosen === null) {
            assert.equal(BigInt(inRanges(gone, ranges).length), sizeOf(ranges))
          } else {
            assert.isTrue(includes(ranges, chosen))
            assert.isFalse(gone.has(chosen))
          }
        }
      ),
      { numRuns: 60 }
    )
  })

  test('the last free address of a full /16 is found with few questions', async ({ assert }) => {
    const keys = keysOf(0, 65_536)
    const { taken, asked } = takenOf(keys.filter((_, index) => index !== 40_123))
    assert.equal(await chooseAddress([range(0, 65_536)], taken), keys[40_123]!)
    assert.isBelow(asked.among + asked.count, 20)
  })

  test('a full pool says so', async ({ assert }) => {
    const { taken, asked } = takenOf(keysOf(0, 1000))
    assert.isNull(await chooseAddress([range(0, 1000)], taken))
    assert.isBelow(asked.among + asked.count, 4)
  })

  test('a pool without addresses has none', async ({ assert }) => {
    assert.isNull(await chooseAddress([], takenOf([]).taken))
  })

  test('in an IPv6 /64 the first try hits, all over the network', async ({ assert }) => {
    const pool = [{ firstKey: numberToKey(1n << 64n), lastKey: numberToKey((1n << 65n) - 1n) }]
    const { taken, asked } = takenOf([])
    const chosen = new Set<string>()
    for (let n = 0; n < 20; n++) chosen.add((await chooseAddress(pool, taken))!)
    assert.equal(chosen.size, 20)
    assert.equal(asked.among, 20)
    assert.isTrue([...chosen].some((key) => keyToNumber(key) > (1n << 64n) + (1n << 62n)))
  })
})

function inRanges(keys: Iterable<AddressKey>, ranges: { firstKey: string; lastKey: string }[]) {
  return [...keys].filter((key) => includes(ranges, key))
}
