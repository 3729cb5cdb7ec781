import { test } from '@japa/runner'
import fc from 'fast-check'
import {
  countPorts,
  drawRun,
  formatPorts,
  includesPorts,
  LAST_PORT,
  mergePorts,
  parsePorts,
  portsOf,
  subtractPorts,
} from '#addressing/ports'

const port = fc.integer({ min: 1, max: LAST_PORT })
const range = fc
  .tuple(port, fc.integer({ min: 0, max: 200 }))
  .map(([first, more]) => ({ first, last: Math.min(LAST_PORT, first + more) }))
const ranges = fc.array(range, { maxLength: 12 })
const asSet = (all: { first: number; last: number }[]) => new Set(all.flatMap(portsOf))

test.group('Ports', () => {
  test('what is written is read again', ({ assert }) => {
    fc.assert(
      fc.property(ranges, (all) => {
        const merged = mergePorts(all)
        assert.deepEqual(parsePorts(formatPorts(merged)), { ranges: merged, problems: [] })
      })
    )
  })

  test('merging and subtracting are those of sets', ({ assert }) => {
    fc.assert(
      fc.property(ranges, ranges, (all, gone) => {
        const expected = asSet(all)
        for (const number of asSet(gone)) expected.delete(number)
        const left = subtractPorts(all, gone)
        assert.deepEqual(asSet(left), expected)
        assert.equal(countPorts(left), expected.size)
        assert.deepEqual(left, mergePorts(left))
      }),
      { numRuns: 60 }
    )
  })

  test('a run that is drawn is free and as long as asked; without a place there is none', ({
    assert,
  }) => {
    fc.assert(
      fc.property(ranges, fc.integer({ min: 1, max: 50 }), fc.nat(), (free, length, luck) => {
        const run = drawRun(free, length, (count) => luck % count)
        const longest = Math.max(0, ...mergePorts(free).map((one) => countPorts([one])))
        assert.equal(run !== null, longest >= length)
        if (!run) return
        assert.equal(countPorts([run]), length)
        assert.isTrue(includesPorts(free, run))
      })
    )
  })

  test('whatever is typed becomes ports or named problems, and nothing else', ({ assert }) => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const { ranges: read, problems } = parsePorts(text)
        for (const { first, last } of read) {
          assert.isTrue(first >= 1 && first <= last && last <= LAST_PORT)
        }
        for (const { line, text: entry } of problems) {
          assert.isAbove(line, 0)
          assert.isNotEmpty(entry)
        }
      })
    )
  })

  test('"{text}" is read as a person means it')
    .with([
      { text: '22', ports: '22', reasons: [] },
      { text: ' 8000 - 8009 , 80\n443 # web\n\n', ports: '80, 443, 8000-8009', reasons: [] },
      { text: '1-65535', ports: '1-65535', reasons: [] },
      {
        text: '0 65536 9-8 x -1 1-2-3 22;rm',
        ports: '',
        reasons: ['no_port', 'no_port', 'reversed', 'unreadable', 'unreadable', 'unreadable'],
      },
    ])
    .run(({ assert }, { text, ports, reasons }) => {
      const read = parsePorts(text)
      assert.deepEqual(
        read.problems.map(({ reason }) => reason),
        reasons as (typeof read.problems)[number]['reason'][]
      )
      if (reasons.length === 0) assert.equal(formatPorts(read.ranges), ports)
    })
})
