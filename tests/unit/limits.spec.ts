import { test } from '@japa/runner'
import limiter from '@adonisjs/limiter/services/main'
import db from '@adonisjs/lucid/services/db'

/** Tests count in memory; production counts here, so that several web processes count together. */
test.group('Limits in the database', (group) => {
  group.each.teardown(async () => {
    await db.from('rate_limits').delete()
  })

  test('attempts beyond the limit are refused, and a cleared key begins anew', async ({
    assert,
  }) => {
    const guesses = limiter.use('database', { requests: 2, duration: '1 minute' })
    const [first, second] = [await guesses.consume('somebody'), await guesses.consume('somebody')]
    assert.deepEqual([first.remaining, second.remaining], [1, 0])
    await assert.rejects(() => guesses.consume('somebody'), 'Too many requests')
    await guesses.delete('somebody')
    const anew = await guesses.consume('somebody')
    assert.equal(anew.remaining, 1)
    assert.lengthOf(await db.from('rate_limits'), 1)
  })

  test('of many attempts at one moment no more get through than are allowed', async ({
    assert,
  }) => {
    const guesses = limiter.use('database', { requests: 5, duration: '1 minute' })
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => guesses.consume('hurried'))
    )
    assert.lengthOf(
      results.filter(({ status }) => status === 'fulfilled'),
      5
    )
  })
})
