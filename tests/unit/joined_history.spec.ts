import { test } from '@japa/runner'
import type { MeasuredPoint } from '#drivers/contract'
import { join } from '#models/joined_history'
import type { UsageHistory, UsagePoint } from '#models/usage_history'

const MIB = 2 ** 20
const MINUTE = 60
const FROM = 1_700_000_040

const history = (ats: number[], step = MINUTE): UsageHistory => ({
  range: 'hour',
  from: FROM,
  until: FROM + 10 * step,
  step,
  points: ats.map((at) => ownPoint(FROM + at * step, step)),
})

const ownPoint = (at: number, seconds: number): UsagePoint => ({
  at,
  seconds,
  cpus: 0.5,
  memoryMib: 100,
  diskMib: 1_000,
  receivedBytes: 10,
  sentBytes: 20,
})

const theirs = (at: number, seconds: number): MeasuredPoint => ({
  at: FROM + at,
  seconds,
  cpus: 0.25,
  memoryBytes: 64 * MIB,
  diskBytes: null,
  receivedPerSecond: 2,
  sentPerSecond: 3,
  readPerSecond: 4,
  writtenPerSecond: 5,
})

test.group('History joined with the cluster', () => {
  test('our own samples go first, the cluster fills what they lack', ({ assert }) => {
    const joined = join(history([0, 1, 5]), [theirs(0, 240)])
    assert.deepEqual(
      joined.points.map(({ at, cpus }) => [(at - FROM) / MINUTE, cpus]),
      [
        [0, 0.5],
        [1, 0.5],
        [2, 0.25],
        [3, 0.25],
        [5, 0.5],
      ]
    )
    const filled = joined.points[2]!
    assert.deepInclude(filled, { memoryMib: 64, diskMib: null, receivedBytes: 120, sentBytes: 180 })
  })

  test('what only the cluster measures is told for each span it covers', ({ assert }) => {
    const { io } = join(history([0, 1]), [theirs(0, 60), theirs(180, 60)])
    assert.deepEqual(io, [
      { at: FROM, readPerSecond: 4, writtenPerSecond: 5 },
      { at: FROM + 180, readPerSecond: 4, writtenPerSecond: 5 },
    ])
  })

  test('without a word of the cluster it stays as it was', ({ assert }) => {
    const own = history([0, 3])
    assert.strictEqual(join(own, []), own)
  })

  test('the span that has only begun is nobody’s yet', ({ assert }) => {
    const own = { ...history([]), until: FROM + 90 }
    const joined = join(own, [theirs(0, 600)])
    assert.deepEqual(
      joined.points.map(({ at }) => at - FROM),
      [0]
    )
  })

  test('spans begin where the reader’s days do', ({ assert }) => {
    const day = 24 * 60 * MINUTE
    const own = { ...history([], day), from: FROM, until: FROM + 3 * day }
    const joined = join(own, [theirs(-day, 5 * day)], 480)
    for (const { at } of joined.points) assert.equal((at + 480 * MINUTE) % day, 0)
    assert.isNotEmpty(joined.points)
  })
})
