import { setTimeout as wait } from 'node:timers/promises'
import { test } from '@japa/runner'
import { Recent } from '#services/recent'

test.group('a recent answer', () => {
  test('is asked for once by many at the same time, and by those who come soon after', async ({
    assert,
  }) => {
    const recent = new Recent<number>(60_000)
    let asked = 0
    const ask = async () => ++asked
    assert.deepEqual(await Promise.all([recent.of('a', ask), recent.of('a', ask)]), [1, 1])
    assert.equal(await recent.of('a', ask), 1)
    assert.equal(await recent.of('b', ask), 2)
  })

  test('is asked for anew when it has aged', async ({ assert }) => {
    const recent = new Recent<number>(1)
    let asked = 0
    const ask = async () => ++asked
    await recent.of('a', ask)
    await wait(20)
    assert.equal(await recent.of('a', ask), 2)
  })

  test('is not kept when it is a failure', async ({ assert }) => {
    const recent = new Recent<number>(60_000)
    await assert.rejects(() => recent.of('a', () => Promise.reject(new Error('away'))), 'away')
    assert.equal(await recent.of('a', async () => 1), 1)
  })

  test('is never kept when it is good for no time', async ({ assert }) => {
    const recent = new Recent<number>(0)
    let asked = 0
    const ask = async () => ++asked
    await recent.of('a', ask)
    assert.equal(await recent.of('a', ask), 2)
  })
})
