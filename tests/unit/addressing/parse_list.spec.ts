import { test } from '@japa/runner'
import fc from 'fast-check'
import { parseCidr } from '#addressing/cidr'
import { parseList } from '#addressing/parse_list'
import { formatRanges } from '#addressing/ranges'

const network = parseCidr('10.0.0.0/16')!
const read = (text: string) => parseList(text, network)
const reasons = (text: string) => read(text).problems.map(({ reason }) => reason)

test.group('Addressing | pasted lists', () => {
  test('addresses, ranges and networks are read, overlaps are merged', ({ assert }) => {
    const { ranges, problems, repeated } = read(
      '10.0.1.5\n10.0.1.6-10.0.1.9\r\n10.0.1.8 - 10.0.1.12\n\n# the old rack\n10.0.2.0/30  # spare'
    )
    assert.isEmpty(problems)
    assert.equal(formatRanges(ranges, 4), '10.0.1.5-10.0.1.12\n10.0.2.0-10.0.2.3')
    assert.equal(repeated, 2n)
  })

  test('a bad line is named with its number and text, the good ones still count', ({ assert }) => {
    const { ranges, problems } = read('10.0.0.10\nnonsense\n10.0.0.11')
    assert.deepEqual(problems, [{ line: 2, text: 'nonsense', reason: 'unreadable' }])
    assert.equal(formatRanges(ranges, 4), '10.0.0.10-10.0.0.11')
  })

  test('each way to be wrong has its own reason', ({ assert }) => {
    assert.deepEqual(reasons('10.0.0.9-10.0.0.3'), ['reversed'])
    assert.deepEqual(reasons('2001:db8::1'), ['other_family'])
    assert.deepEqual(reasons('10.0.0.1-2001:db8::1'), ['other_family'])
    assert.deepEqual(reasons('10.1.0.1'), ['outside'])
    assert.deepEqual(reasons('10.0.255.250-10.1.0.2'), ['outside'])
    assert.deepEqual(reasons('10.0.0.5/24'), ['not_a_network'])
    assert.deepEqual(reasons('10.0.0.0/33'), ['unreadable'])
    assert.deepEqual(reasons('10.0.0.0/'), ['unreadable'])
    assert.deepEqual(reasons('10.0.0.1-10.0.0.2-10.0.0.3'), ['unreadable'])
    assert.deepEqual(reasons('10.0.0.256'), ['unreadable'])
    assert.deepEqual(reasons('010.0.0.1'), ['unreadable'])
    assert.deepEqual(reasons('<script>alert(1)</script>'), ['unreadable'])
  })

  test('IPv6 is read in every usual form', ({ assert }) => {
    const { ranges, problems } = parseList(
      '2001:DB8::1\n2001:db8:0:0::2-2001:db8::4\n2001:db8::/126',
      parseCidr('2001:db8::/64')!
    )
    assert.isEmpty(problems)
    assert.equal(formatRanges(ranges, 6), '2001:db8::-2001:db8::4')
  })

  test('whatever is pasted, nothing outside the network comes out', ({ assert }) => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        for (const { firstKey, lastKey } of read(text).ranges) {
          assert.isTrue(firstKey >= network.firstKey && lastKey <= network.lastKey)
        }
      })
    )
  })
})
