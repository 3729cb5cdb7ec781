import { test } from '@japa/runner'
import { byNetwork, familiesTogether } from '#addressing/networks'

const pool = (network: string, family: 4 | 6) => ({ network, family })

test.group('Networks of pools', () => {
  test('pools are told apart by their network, in the order given', ({ assert }) => {
    const [a4, b4, a6] = [pool('a', 4), pool('b', 4), pool('a', 6)]
    assert.deepEqual(byNetwork([a4, b4, a6]), [[a4, a6], [b4]])
  })

  test('one card carries the families of one network: of the one with the most, else of the first', ({
    assert,
  }) => {
    assert.deepEqual(familiesTogether([]), [])
    assert.deepEqual(familiesTogether([pool('a', 4), pool('b', 6)]), [4])
    assert.deepEqual(familiesTogether([pool('a', 4), pool('b', 6), pool('b', 4)]), [4, 6])
    assert.deepEqual(familiesTogether([pool('a', 4), pool('a', 4)]), [4])
  })
})
