import { test } from '@japa/runner'
import { setTimeout as sleep } from 'node:timers/promises'
import db from '@adonisjs/lucid/services/db'
import redis from '@adonisjs/redis/services/main'
import Operation from '#models/operation'
import { Tenant } from '#models/concerns/tenant'
import { stepNames } from '#operations/index'
import { OPERATIONS_QUEUE, queueNamed } from '#services/queue'
import { gate, holdings, makeStale, reread, runOnce, watchSteps } from '#tests/support/steps'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, world } from '#tests/support/world'

const queue = () => queueNamed(OPERATIONS_QUEUE)

/** Operations that have a job, oldest first. */
async function nudged(): Promise<number[]> {
  const jobs = await queue().getJobs(['waiting', 'delayed', 'prioritized'])
  return [...new Set(jobs.map((job) => job.data.operationId as number))].sort((a, b) => a - b)
}

async function isRedisAway(): Promise<boolean> {
  return redis.ping().then(
    () => false,
    () => true
  )
}

test.group('Taking an operation', (group) => {
  group.each.teardown(emptyDatabase)

  test('of ten runners at once one runs it', async ({ assert, cleanup }) => {
    const { acme, fake } = await world()
    const { instance, operation } = await acme.order('web-1')
    const seen = watchSteps(cleanup, 'instance.create')
    const results = await Promise.all(Array.from({ length: 10 }, () => runOnce(operation)))
    assert.isTrue(results.every(({ done }) => done))
    assert.lengthOf(seen, stepNames('instance.create').length)
    assert.equal((await reread(operation)).state, 'succeeded')
    assert.equal(operation.attempt, 1)
    assert.equal(fake.count(), 1)
    assert.equal((await holdings(instance.id)).addresses, 1)
  })

  test('a twin that was thought dead stops at its next save', async ({ assert, cleanup }) => {
    const { acme, fake } = await world()
    const { instance, operation } = await acme.order('web-1')
    const gates = [gate(), gate()]
    const left = [gate(), gate()]
    let runners = 0
    const seen = watchSteps(cleanup, 'instance.create', async (point) => {
      if (point !== 'run reserve_address before' || runners === 2) return
      const me = runners++
      gates[me].open()
      await left[me].opened
    })
    const first = runOnce(operation)
    await gates[0].opened
    await makeStale(operation)
    const second = runOnce(operation)
    await gates[1].opened
    // Both reserve now, at the same time.
    left[0].open()
    left[1].open()
    assert.deepEqual(await Promise.all([first, second]), [{ done: true }, { done: true }])
    assert.equal((await reread(operation)).state, 'succeeded', operation.error ?? '')
    assert.equal(operation.attempt, 2)
    assert.equal((await holdings(instance.id)).addresses, 1)
    assert.equal(fake.count(), 1)
    assert.lengthOf(
      seen.filter((step) => step === 'run create'),
      1
    )
  })

  test('a cluster runs no more at once than it may', async ({ assert, cleanup }) => {
    const { acme, cluster } = await world()
    cluster.maxParallelOperations = 2
    await cluster.save()
    let [running, most] = [0, 0]
    watchSteps(cleanup, 'instance.create', async (point) => {
      if (point === 'run choose_node before') most = Math.max(most, ++running)
      if (point === 'run start before') await sleep(30)
      if (point === 'run verify after') running -= 1
    })
    const orders = []
    for (let index = 0; index < 6; index++) orders.push(await acme.order(`web-${index}`))
    for (let round = 0; round < 6; round++) {
      await Promise.all(orders.map(({ operation }) => runOnce(operation)))
    }
    for (const { operation } of orders) {
      assert.equal((await reread(operation)).state, 'succeeded', operation.error ?? '')
    }
    assert.equal(most, 2)
  })

  test('one that finds its cluster full stays queued and untouched', async ({ assert }) => {
    const { acme, cluster } = await world()
    const { operation } = await acme.order('web-1')
    await db.from('clusters').where('id', cluster.id).update({ max_parallel_operations: 0 })
    assert.deepEqual(await runOnce(operation), { done: true })
    await reread(operation)
    assert.equal(operation.state, 'queued')
    assert.equal(operation.attempt, 0)
    assert.isNull(operation.heartbeatAt)
  })
})

test.group('Nudges', (group) => {
  group.each.setup(async () => {
    if (!(await isRedisAway())) await queue().obliterate({ force: true })
  })
  group.each.teardown(emptyDatabase)
  group.each.skip(isRedisAway, 'no Redis answers')

  test('an order puts its operation into the queue', async ({ assert }) => {
    const { acme } = await world()
    const { operation } = await acme.order('web-1')
    assert.deepEqual(await nudged(), [operation.id])
  })

  test('whoever ends an operation nudges the oldest that waits for the place', async ({
    assert,
  }) => {
    const { acme, cluster } = await world()
    cluster.maxParallelOperations = 1
    await cluster.save()
    const first = await acme.order('web-1')
    const second = await acme.order('web-2')
    await acme.order('web-3')
    await queue().obliterate({ force: true })

    await runOnce(first.operation)
    assert.deepEqual(await nudged(), [second.operation.id])
  })

  test('the sweep nudges what lost its job, whatever the reason', async ({ assert }) => {
    const { acme, fake } = await world()
    const queued = await acme.order('web-1')
    const dead = await acme.order('web-2')
    const alive = await acme.order('web-3')
    const pausing = await acme.order('web-4')
    const paused = await acme.order('web-5')
    const over = await acme.order('web-6')
    await finish(over.operation)
    fake.refuseNext('create', { kind: 'unreachable', times: 2 })
    await runOnce(pausing.operation)
    await runOnce(paused.operation)
    const set = (id: number, row: Record<string, unknown>) =>
      db.from('operations').where('id', id).update(row)
    await set(dead.operation.id, { state: 'running', heartbeat_at: 1, attempt: 1 })
    await set(alive.operation.id, { state: 'running', heartbeat_at: Date.now(), attempt: 1 })
    await set(paused.operation.id, { not_before: Date.now() - 1 })
    await queue().obliterate({ force: true })

    const count = await Tenant.system('a test', () => Operation.sweep())
    assert.equal(count, 3)
    assert.deepEqual(await nudged(), [queued.operation.id, dead.operation.id, paused.operation.id])
  })

  test('the sweep nudges no more than a cluster has room for', async ({ assert }) => {
    const { acme, cluster } = await world()
    cluster.maxParallelOperations = 2
    await cluster.save()
    const orders = []
    for (let index = 0; index < 5; index++) orders.push(await acme.order(`web-${index}`))
    await queue().obliterate({ force: true })
    await Tenant.system('a test', () => Operation.sweep())
    assert.deepEqual(
      await nudged(),
      orders.slice(0, 2).map(({ operation }) => operation.id)
    )
  })

  test('a job that failed does not swallow the next nudge', async ({ assert }) => {
    const { acme } = await world()
    const { operation } = await acme.order('web-1')
    const [job] = await queue().getJobs(['waiting'])
    await job.remove()
    await queue().add('run', { operationId: operation.id }, { delay: 60_000 })
    await Tenant.system('a test', () => Operation.sweep())
    assert.lengthOf(await queue().getJobs(['waiting']), 1)
  })
})
