import fc from 'fast-check'
import { test } from '@japa/runner'
import { countersOf, spent } from '#models/counters'
import type { Counters } from '#models/types'

const START = '2026-11-01T00:00:00.000Z'
const READ = Date.parse('2026-11-21T10:00:00Z')

function counters(changes: Partial<Counters> = {}): Counters {
  return {
    readAtMs: READ,
    startedAt: START,
    cpuMs: 10_000,
    cards: { eth0: [1_000, 500] },
    ...changes,
  }
}
const aMinuteLater = (changes: Partial<Counters> = {}) =>
  counters({ readAtMs: READ + 60_000, ...changes })

test.group('Counters', () => {
  test('what they grew by was used', ({ assert }) => {
    const now = aMinuteLater({ cpuMs: 40_000, cards: { eth0: [1_600, 700] } })
    assert.deepEqual(spent(counters(), now), {
      seconds: 60,
      cpuMs: 30_000,
      receivedBytes: 600,
      sentBytes: 200,
    })
  })

  test('a guest that was started anew has counted from nothing, in the time since', ({
    assert,
  }) => {
    const startedAt = new Date(READ + 20_000).toISOString()
    const now = aMinuteLater({ startedAt, cpuMs: 12_000, cards: { eth0: [1_500, 10] } })
    assert.deepEqual(spent(counters(), now), {
      seconds: 40,
      cpuMs: 12_000,
      receivedBytes: 1_500,
      sentBytes: 10,
    })
  })

  test('a counter that stands lower has begun again, also of a guest that runs on', ({
    assert,
  }) => {
    const now = aMinuteLater({ cpuMs: 10_100, cards: { eth0: [30, 600] } })
    assert.deepInclude(spent(counters(), now), { cpuMs: 100, receivedBytes: 30, sentBytes: 100 })
  })

  test('a card that was taken away makes nothing begin again; a new one counts', ({ assert }) => {
    const before = counters({ cards: { eth0: [1_000, 500], eth1: [90_000, 90_000] } })
    const now = aMinuteLater({ cards: { eth0: [1_001, 500], eth2: [7, 8] } })
    assert.deepInclude(spent(before, now), { receivedBytes: 8, sentBytes: 8 })
  })

  test('one that was stopped has used nothing since', ({ assert }) => {
    const now = aMinuteLater({ startedAt: null, cpuMs: 0, cards: {} })
    assert.deepEqual(spent(counters(), now), {
      seconds: 60,
      cpuMs: 0,
      receivedBytes: 0,
      sentBytes: 0,
    })
  })

  test('of a stranger that runs for long nothing is known', ({ assert }) => {
    assert.isNull(spent(null, counters()))
    assert.isNull(spent(null, counters({ startedAt: null, cpuMs: 0, cards: {} })))
  })

  test('of one that has just been started all is ours', ({ assert }) => {
    const startedAt = new Date(READ - 30_000).toISOString()
    assert.deepEqual(spent(null, counters({ startedAt })), {
      seconds: 30,
      cpuMs: 10_000,
      receivedBytes: 1_000,
      sentBytes: 500,
    })
  })

  test('the same moment twice is nothing', ({ assert }) => {
    assert.isNull(spent(counters(), counters()))
  })

  test('a clock of the cluster that is ahead makes no span negative', ({ assert }) => {
    const startedAt = new Date(READ + 3_600_000).toISOString()
    assert.equal(spent(counters(), aMinuteLater({ startedAt }))!.seconds, 1)
    assert.isAtLeast(spent(null, counters({ startedAt }))!.seconds, 1)
  })

  test('nothing is lost and nothing doubled, however often a guest restarts', () => {
    const part = fc.record({ bytes: fc.nat(1e9), restarts: fc.boolean() })
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 40 }), (parts) => {
        let now = counters({ cards: { eth0: [0, 0] } })
        let counted = 0
        for (const { bytes, restarts } of parts) {
          const readAtMs = now.readAtMs + 60_000
          const received = restarts ? 0 : now.cards.eth0![0]
          const startedAt = restarts ? new Date(readAtMs - 1_000).toISOString() : now.startedAt
          const cards: Counters['cards'] = { eth0: [received + bytes, 0] }
          const next = { ...now, readAtMs, startedAt, cards }
          counted += spent(now, next)!.receivedBytes
          now = next
        }
        return counted === parts.reduce((sum, { bytes }) => sum + bytes, 0)
      })
    )
  })

  test('are taken from a reading', ({ assert }) => {
    const usage = {
      ref: 'a',
      stamp: 'i-1',
      node: null,
      power: 'running' as const,
      startedAt: START,
      cpuMs: 5,
      memoryBytes: 1,
      diskBytes: null,
      cards: [{ card: 'eth0', receivedBytes: 1, sentBytes: 2 }],
    }
    assert.deepEqual(countersOf(usage, READ), {
      readAtMs: READ,
      startedAt: START,
      cpuMs: 5,
      cards: { eth0: [1, 2] },
    })
  })
})
