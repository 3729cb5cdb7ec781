import { test } from '@japa/runner'
import type { Assert } from '@japa/assert'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FakeCluster } from '#drivers/fake/cluster'
import type Instance from '#models/instance'
import type Operation from '#models/operation'
import { MAINTENANCE_QUEUE, queueNamed } from '#services/queue'
import { FaultGround, missingPrograms } from '#tests/support/fault_ground'
import { startWorker, until, type Process } from '#tests/support/processes'
import { ended, holdings, patiently, reread, usage } from '#tests/support/steps'
import { world, type World } from '#tests/support/world'

/** Long enough that an outage falls into the middle of it. */
const SLOW = { createMs: 700, powerMs: 400, destroyMs: 300 }

type Ordered = { instance: Instance; operation: Operation }

test.group('Outages that a worker lives through', (group) => {
  const missing = missingPrograms()
  group.each.skip(missing !== null, missing ?? '')
  let ground: FaultGround
  let worker: Process

  // The same one for all of them: it is as good after an outage as before.
  group.setup(async () => {
    if (missing) return
    ground = await FaultGround.shared()
    worker = await startWorker(ground.variables)
  })
  group.teardown(async () => {
    if (!missing) await worker.die()
  })

  test('a flushed Redis: everything goes on, and the schedule is written again', async ({
    assert,
  }) => {
    const { scene, orders } = await busyWorld()
    await ground.flushRedis()
    const late = await order(scene, ['late-1', 'late-2'])
    await ground.flushRedis()
    await assertAllSucceed(assert, scene, [...orders, ...late])
    await until('the sweep is planned again', async () => {
      const schedulers = await queueNamed(MAINTENANCE_QUEUE).getJobSchedulers()
      return schedulers.some(({ key }) => key === 'operations.sweep')
    })
    assert.isFalse(worker.hasEnded)
  })

  test('a Redis that is killed and comes back empty', async ({ assert }) => {
    const { scene, orders } = await busyWorld()
    ground.killRedis()
    // Orders are taken while it is away: the row is the truth.
    const late = await order(scene, ['late-1', 'late-2'])
    await sleep(500)
    await ground.startRedis()
    await assertAllSucceed(assert, scene, [...orders, ...late])
    assert.isFalse(worker.hasEnded)
  })

  test('a MariaDB that is killed in the middle', async ({ assert }) => {
    const { scene, orders } = await busyWorld()
    ground.killDatabase()
    await sleep(500)
    await ground.startDatabase()
    await assertAllSucceed(assert, scene, orders)
    assert.isFalse(worker.hasEnded)
  })

  test('a MariaDB that is away for longer than a heart may stand still', async ({ assert }) => {
    const { scene, orders } = await busyWorld()
    ground.killDatabase()
    await sleep(3_000)
    await ground.startDatabase()
    await assertAllSucceed(assert, scene, orders)
    assert.isFalse(worker.hasEnded)
  })

  test('a cluster that is away, and comes back without knowing its tasks', async ({ assert }) => {
    const { scene, orders } = await busyWorld()
    scene.fake.goOffline()
    await sleep(800)
    scene.fake.restart()
    scene.fake.comeBack()
    await assertAllSucceed(assert, scene, orders)
    assert.isFalse(worker.hasEnded)
  })
})

test.group('Outages in which workers come and go', (group) => {
  const missing = missingPrograms()
  group.each.skip(missing !== null, missing ?? '')
  const workers: Process[] = []
  let ground: FaultGround

  group.setup(async () => {
    if (missing) return
    ground = await FaultGround.shared()
  })
  group.each.teardown(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.die()))
  })

  async function work(variables = {}): Promise<Process> {
    const worker = await startWorker({ ...ground.variables, ...variables })
    workers.push(worker)
    return worker
  }

  test('a worker that starts while Redis is away works as soon as it is back', async ({
    assert,
  }) => {
    ground.killRedis()
    const scene = await world()
    const orders = await order(scene, ['web-1'])
    const starting = work()
    await sleep(1_500)
    await ground.startRedis()
    await starting
    await assertAllSucceed(assert, scene, orders)
  })

  test('Redis, MariaDB and the worker at once, while instances are deleted, too', async ({
    assert,
  }) => {
    const first = await work()
    const scene = await world()
    const [old] = await order(scene, ['old'])
    await assertAllSucceed(assert, scene, [old])
    scene.fake.configure(SLOW)
    const deletion = await scene.acme.inside(() => old.instance.destroy(scene.acme.owner))
    const orders = await order(scene, ['web-1', 'web-2', 'web-3'])
    await until('they run', async () => (await reread(orders[0].operation)).steps.length > 1)
    ground.killRedis()
    ground.killDatabase()
    first.kill()
    await ground.startDatabase()
    await ground.startRedis()
    await work()
    await ended(deletion)
    assert.equal(deletion.state, 'succeeded')
    await assertAllSucceed(assert, scene, orders)
    assert.deepEqual(await holdings(old.instance.id), { addresses: 0, quotas: 0, secrets: 0 })
  })

  test('a worker that is told to end gives its operations back at once', async ({ assert }) => {
    const first = await work({ OPERATION_STALE_MS: '60000', OPERATION_SWEEP_MS: '60000' })
    const { scene, orders } = await busyWorld()
    const second = await work({ OPERATION_STALE_MS: '60000', OPERATION_SWEEP_MS: '60000' })
    const from = Date.now()
    const { code, signal } = await first.stop()
    assert.equal(code, 0, `${signal}\n${first.output}`)
    assert.isBelow(Date.now() - from, 15_000)
    // Nothing is stale and nothing is swept within the minute: they were handed over.
    await assertAllSucceed(assert, scene, orders)
    assert.isFalse(second.hasEnded)
  })
})

/** A world whose cluster takes its time, and five creates on it, the first of them running. */
async function busyWorld() {
  const scene = await world()
  scene.fake.configure(SLOW)
  const [doomed, ...orders] = await order(scene, ['doomed', 'web-1', 'web-2', 'web-3', 'web-4'])
  await until('the first one runs', async () => {
    const { steps } = await reread(doomed.operation)
    return steps.some(({ name }) => name === 'create')
  })
  return { scene, orders: [doomed, ...orders] }
}

function order({ acme }: World, names: string[]): Promise<Ordered[]> {
  return Promise.all(names.map((name) => patiently(() => acme.order(name))))
}

async function assertAllSucceed(
  assert: Assert,
  { acme, fake }: { acme: World['acme']; fake: FakeCluster },
  orders: Ordered[]
): Promise<void> {
  for (const { operation } of orders) {
    await ended(operation)
    assert.equal(operation.state, 'succeeded', `${operation.failedStep}: ${operation.error}`)
  }
  assert.equal(fake.count(), orders.length)
  assert.isEmpty(fake.duplicateAddresses())
  for (const { instance } of orders) {
    assert.deepEqual(await holdings(instance.id), { addresses: 1, quotas: 5, secrets: 1 })
  }
  const used = await usage(acme.organization.id)
  assert.containsSubset(used, { instances: orders.length, addresses: orders.length })
}
