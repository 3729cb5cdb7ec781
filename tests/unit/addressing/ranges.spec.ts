import { test } from '@japa/runner'
import fc from 'fast-check'
import { formatAddress, numberToKey, parseAddress } from '#addressing/address'
import { parseCidr, usableRange, type AddressRange } from '#addressing/cidr'
import { parseList } from '#addressing/parse_list'
import {
  addressAt,
  formatRanges,
  includes,
  leasableRanges,
  mergeRanges,
  sizeOf,
  subtractRanges,
} from '#addressing/ranges'

const range = (first: number, last: number): AddressRange => ({
  firstKey: numberToKey(BigInt(first)),
  lastKey: numberToKey(BigInt(last)),
})

/** Small numbers, so that ranges touch and overlap often, and every set can be written out. */
const someRanges = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 8 }))
    .map(([first, more]) => range(first, first + more)),
  { maxLength: 8 }
)

const members = (ranges: readonly AddressRange[]) =>
  Array.from({ length: 80 }, (_, n) => n).filter((n) => includes(ranges, numberToKey(BigInt(n))))

const isMerged = (ranges: AddressRange[]) =>
  ranges.every(
    ({ firstKey, lastKey }, index) =>
      firstKey <= lastKey &&
      (index === 0 || BigInt(`0x${firstKey}`) > BigInt(`0x${ranges[index - 1]!.lastKey}`) + 1n)
  )

test.group('Addressing | ranges', () => {
  test('merging keeps every address, and nothing else, sorted and apart', ({ assert }) => {
    fc.assert(
      fc.property(someRanges, (ranges) => {
        const merged = mergeRanges(ranges)
        assert.deepEqual(members(merged), members(ranges))
        assert.isTrue(isMerged(merged))
        assert.equal(sizeOf(merged), BigInt(members(ranges).length))
      })
    )
  })

  test('subtracting leaves what was in the first and not in the second', ({ assert }) => {
    fc.assert(
      fc.property(someRanges, someRanges, (ranges, removed) => {
        const left = subtractRanges(ranges, removed)
        const gone = new Set(members(removed))
        assert.deepEqual(
          members(left),
          members(ranges).filter((n) => !gone.has(n))
        )
        assert.isTrue(isMerged(left))
      })
    )
  })

  test('the address at a position counts through all ranges', ({ assert }) => {
    fc.assert(
      fc.property(someRanges, (ranges) => {
        const merged = mergeRanges(ranges)
        const counted = members(merged).map((_, index) => addressAt(merged, BigInt(index)))
        assert.deepEqual(
          counted,
          members(merged).map((n) => numberToKey(BigInt(n)))
        )
      })
    )
  })

  test('what is written out reads back as the same set', ({ assert }) => {
    const everything = parseCidr('0.0.0.0/0')!
    fc.assert(
      fc.property(someRanges, (ranges) => {
        const merged = mergeRanges(ranges)
        const { ranges: read, problems } = parseList(formatRanges(merged, 4), everything)
        assert.deepEqual(read, merged)
        assert.isEmpty(problems)
      })
    )
  })

  test('network, broadcast and gateway are never handed out', ({ assert }) => {
    const cidr = parseCidr('10.0.0.0/29')!
    const whole = [{ firstKey: cidr.firstKey, lastKey: cidr.lastKey }]
    const left = leasableRanges(whole, cidr, parseAddress('10.0.0.1')!.key)
    assert.equal(formatRanges(left, 4), '10.0.0.2-10.0.0.6')
  })

  test('a network of two addresses is handed out whole', ({ assert }) => {
    const cidr = parseCidr('10.0.0.4/31')!
    assert.equal(
      formatRanges(leasableRanges([usableRange(cidr)], cidr, null), 4),
      '10.0.0.4-10.0.0.5'
    )
  })

  test('IPv6 keeps its last address and loses the first', ({ assert }) => {
    const cidr = parseCidr('2001:db8::/126')!
    assert.equal(
      formatRanges(leasableRanges([usableRange(cidr)], cidr, null), 6),
      '2001:db8::1-2001:db8::3'
    )
  })

  test('addresses survive being written and read', ({ assert }) => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), (number) => {
        const key = numberToKey(number)
        assert.deepEqual(parseAddress(formatAddress(key, 6)), { family: 6, key })
      })
    )
  })
})
