import { test } from '@japa/runner'
import { setTimeout as sleep } from 'node:timers/promises'
import redis from '@adonisjs/redis/services/main'
import { redisOptions } from '#config/redis'
import { closeQueues, MAINTENANCE_QUEUE, queueNamed } from '#services/queue'

const NOBODY_LISTENS = 1

test.group('Queue', (group) => {
  group.each.setup(closeQueues)
  group.each.teardown(closeQueues)

  test('the first job of a process does not have to be asked for twice', async ({ assert }) => {
    const job = await queueNamed(MAINTENANCE_QUEUE).add(
      'test.first',
      {},
      { removeOnComplete: true }
    )
    assert.exists(job.id)
    await job.remove()
  })

  test('a Redis that was away at first is used as soon as it is back', async ({
    assert,
    cleanup,
  }) => {
    const { port } = redisOptions
    cleanup(() => void (redisOptions.port = port))
    redisOptions.port = NOBODY_LISTENS
    await assert.rejects(() => queueNamed(MAINTENANCE_QUEUE).add('test.away', {}))

    redisOptions.port = port
    const job = await queueNamed(MAINTENANCE_QUEUE).add('test.back', {}, { removeOnComplete: true })
    assert.exists(job.id)
    await job.remove()
  })
})

test.group('Redis', () => {
  test('the first command waits for its connection', async ({ assert }) => {
    await redis.connection('main').ping()
    await redis.quit('main')
    while (redis.activeConnections.main) await sleep(5)
    assert.equal(await redis.connection('main').ping(), 'PONG')
  })
})
