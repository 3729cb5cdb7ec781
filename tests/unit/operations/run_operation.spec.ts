import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { WaitLonger } from '#drivers/settle'
import Operation from '#models/operation'
import { operations } from '#operations/index'
import { emptyDatabase } from '#tests/support/test_database'
import {
  endPause,
  gate,
  holdings,
  makeStale,
  reread,
  runOnce,
  usage,
  useDefinition,
  watchSteps,
} from '#tests/support/steps'
import { finish, ROOT_PASSWORD, world } from '#tests/support/world'

const CREATE = operations['instance.create'].steps.map(({ name }) => name)
const edges = CREATE.flatMap((step) => [`run ${step} before`, `run ${step} after`])

test.group('Running an operation', (group) => {
  group.each.teardown(emptyDatabase)

  test('a create runs to its end', async ({ assert }) => {
    const { acme, fake } = await world()
    const { instance, operation } = await acme.order('web-1')
    await finish(operation)

    assert.equal(operation.state, 'succeeded', operation.error ?? '')
    assert.isNull(operation.openOn)
    assert.isNull(operation.heartbeatAt)
    assert.isNotNull(operation.startedAt)
    assert.isNotNull(operation.endedAt)
    assert.deepEqual(
      operation.steps.map(({ name, state }) => `${name} ${state}`),
      CREATE.map((name) => `${name} done`)
    )
    await acme.inside(() => instance.refresh())
    assert.equal(instance.powerState, 'running')
    assert.isTrue(instance.isProvisioned)
    assert.equal(fake.count(), 1)
    assert.isTrue(fake.isRootPassword(instance.ref, ROOT_PASSWORD))
    assert.deepEqual(await holdings(instance.id), { addresses: 1, quotas: 5, secrets: 1 })
  })

  test('an operation that is over is left alone', async ({ assert }) => {
    const { acme } = await world()
    const { operation } = await acme.order('web-1')
    await finish(operation)
    const { attempt } = operation
    assert.deepEqual(await runOnce(operation), { done: true })
    assert.equal((await reread(operation)).attempt, attempt)
  })

  test('a runner that died at "{$self}" is followed by one that repeats that step only')
    .with(edges)
    .run(async ({ assert, cleanup }, edge) => {
      const { acme, fake } = await world()
      const { instance, operation } = await acme.order('web-1')
      const [reached, left] = [gate(), gate()]
      let dead = false
      const seen = watchSteps(cleanup, 'instance.create', async (point) => {
        if (dead || point !== edge) return
        dead = true
        reached.open()
        await left.opened
      })

      const first = runOnce(operation)
      await reached.opened
      await makeStale(operation)
      await finish(operation)
      assert.equal(operation.state, 'succeeded', operation.error ?? '')

      const step = edge.split(' ')[1]!
      const expected = CREATE.flatMap((name) => (name === step ? [name, name] : [name]))
      assert.deepEqual(
        seen,
        expected.map((name) => `run ${name}`)
      )
      assert.equal(fake.count(), 1)
      assert.deepEqual(await holdings(instance.id), { addresses: 1, quotas: 5, secrets: 1 })

      // It was not dead but asleep: it wakes, and has nothing to say any more.
      const row = await db.from('operations').where('id', operation.id).first()
      left.open()
      assert.deepEqual(await first, { done: true })
      assert.deepEqual(await db.from('operations').where('id', operation.id).first(), row)
      assert.equal(fake.count(), 1)
    })

  test('a remote task that was left behind is followed before its step runs again', async ({
    assert,
    cleanup,
  }) => {
    const { acme, cluster, fake } = await world()
    const { operation } = await acme.order('web-1')
    const [reached, left] = [gate(), gate()]
    let polled = 0
    cluster.settings = { ...cluster.settings, createMs: 60 }
    await cluster.save()
    let dead = false
    watchSteps(cleanup, 'instance.create', async (point, { driver }) => {
      if (point !== 'run create before') return
      const poll = driver.poll.bind(driver)
      driver.poll = async (task, options) => {
        polled += 1
        if (!dead) {
          dead = true
          reached.open()
          await left.opened
        }
        return poll(task, options)
      }
    })
    const first = runOnce(operation)
    await reached.opened
    const task = (await reread(operation)).remoteTask
    assert.containsSubset(task, { ref: 'pt-' + (await ref(operation)) })
    assert.isNotNull(task!.id)

    await makeStale(operation)
    await finish(operation)
    assert.equal(operation.state, 'succeeded', operation.error ?? '')
    assert.isNull(operation.remoteTask)
    assert.equal(fake.count(), 1)
    left.open()
    await first
    assert.isAbove(polled, 0)
  })

  test('a task that the cluster forgot is judged by what it left', async ({ assert }) => {
    const { acme, fake } = await world()
    const { operation } = await acme.order('web-1')
    fake.forgetNext('create')
    await finish(operation)
    assert.equal(operation.state, 'succeeded', operation.error ?? '')
    assert.equal(fake.count(), 1)
  })

  test('an answer that was lost does not make a second instance', async ({ assert }) => {
    const { acme, fake } = await world()
    const { operation } = await acme.order('web-1')
    fake.loseNextAnswer('create')
    fake.loseNextAnswer('start')
    await finish(operation)
    assert.equal(operation.state, 'succeeded', operation.error ?? '')
    assert.equal(fake.count(), 1)
  })

  test('a passing failure is tried again after a pause that doubles', async ({ assert }) => {
    const { acme, fake } = await world()
    const { operation } = await acme.order('web-1')
    fake.refuseNext('start', { kind: 'unreachable', times: 3 })

    const pauses: number[] = []
    for (let failure = 1; failure <= 3; failure++) {
      const result = await runOnce(operation)
      assert.isFalse(result.done)
      pauses.push(result.done ? 0 : result.againInMs)
      await reread(operation)
      assert.equal(operation.state, 'running')
      assert.equal(operation.failures, failure)
      assert.equal(operation.errorKind, 'unreachable')
      assert.equal(operation.failedStep, 'start')
      assert.isNull(operation.heartbeatAt)
      assert.isAbove(operation.notBefore!, Date.now())
      await endPause(operation)
    }
    assert.deepEqual(pauses, [1_000, 2_000, 4_000])

    await finish(operation)
    assert.equal(operation.state, 'succeeded')
    assert.equal(operation.failures, 0)
    assert.isNull(operation.errorKind)
    assert.isNull(operation.failedStep)
  })

  test('before the pause is over nobody takes it', async ({ assert }) => {
    const { acme, fake } = await world()
    const { operation } = await acme.order('web-1')
    fake.refuseNext('create', { kind: 'busy' })
    await runOnce(operation)
    const result = await runOnce(operation)
    assert.isFalse(result.done)
    assert.equal((await reread(operation)).attempt, 1)
  })

  test('a cluster that stays away for too long has everything taken back', async ({ assert }) => {
    const { acme, fake } = await world()
    const { instance, operation } = await acme.order('web-1')
    fake.refuseNext('start', { kind: 'unreachable', times: 12 })
    await finish(operation)
    assert.equal(operation.state, 'failed')
    assert.equal(operation.errorKind, 'unreachable')
    assert.equal(operation.failedStep, 'start')
    assert.equal(fake.count(), 0)
    assert.deepEqual(await holdings(instance.id), { addresses: 0, quotas: 0, secrets: 1 })
  })

  test('what cannot succeed is taken back at once, backwards from the step that failed', async ({
    assert,
    cleanup,
  }) => {
    const { acme, fake } = await world()
    const { instance, operation } = await acme.order('web-1')
    fake.failNext('start', { kind: 'task_failed', reason: 'the kernel said no' })
    const seen = watchSteps(cleanup, 'instance.create')
    await finish(operation)

    assert.deepEqual(seen, [
      'run choose_node',
      'run reserve_address',
      'run reserve_port',
      'run create',
      'run start',
      'undo create',
      'undo reserve_port',
      'undo reserve_address',
      'undo choose_node',
    ])
    assert.equal(operation.state, 'failed')
    assert.equal(operation.error, 'the kernel said no')
    assert.equal(operation.failedStep, 'start')
    assert.isNull(operation.openOn)
    assert.deepEqual(
      operation.steps.map(({ name, state }) => `${name} ${state}`),
      [
        'choose_node undone',
        'reserve_address undone',
        'reserve_port undone',
        'create undone',
        'start failed',
      ]
    )
    await acme.inside(() => instance.refresh())
    assert.isNotNull(instance.failedAt)
    assert.isNull(instance.nodeId)
    assert.equal(fake.count(), 0)
  })

  test('a runner that died while it took back at "undo {$self}" is followed by one that ends it')
    .with(['create before', 'create after', 'reserve_address before', 'choose_node after'])
    .run(async ({ assert, cleanup }, edge) => {
      const { acme, fake } = await world()
      const { instance, operation } = await acme.order('web-1')
      fake.failNext('start')
      const [reached, left] = [gate(), gate()]
      let dead = false
      watchSteps(cleanup, 'instance.create', async (point) => {
        if (dead || point !== `undo ${edge}`) return
        dead = true
        reached.open()
        await left.opened
      })
      const first = runOnce(operation)
      await reached.opened
      await makeStale(operation)
      await finish(operation)
      left.open()
      await first
      assert.equal((await reread(operation)).state, 'failed')
      assert.equal(fake.count(), 0)
      assert.deepEqual(await holdings(instance.id), { addresses: 0, quotas: 0, secrets: 1 })
      assert.equal((await usage(acme.organization.id)).instances, 0)
    })

  test('an undo that meets a passing failure goes on, and does not hide why it was undone', async ({
    assert,
  }) => {
    const { acme, fake } = await world()
    const { operation } = await acme.order('web-1')
    fake.failNext('start', { reason: 'the kernel said no' })
    fake.refuseNext('destroy', { kind: 'unreachable', times: 2 })
    await finish(operation)
    assert.equal(operation.state, 'failed')
    assert.equal(operation.error, 'the kernel said no')
    assert.equal(operation.errorKind, 'task_failed')
    assert.equal(operation.failedStep, 'start')
  })

  test('an undo that cannot succeed asks for a person, who lets it go on', async ({ assert }) => {
    const { acme, fake } = await world()
    const { instance, operation } = await acme.order('web-1')
    fake.failNext('start', { reason: 'the kernel said no' })
    fake.refuseNext('destroy', { kind: 'unauthorized', reason: 'who are you' })
    await finish(operation)
    assert.equal(operation.state, 'needs_attention')
    assert.equal(operation.failedStep, 'create')
    assert.equal(operation.error, 'who are you')
    assert.isNotNull(operation.openOn)
    assert.equal((await holdings(instance.id)).addresses, 1)

    await acme.inside(() => operation.resume())
    assert.equal(operation.state, 'compensating')
    await finish(operation)
    assert.equal(operation.state, 'failed')
    assert.equal(operation.error, 'the kernel said no')
    assert.equal(fake.count(), 0)
    assert.deepEqual(await holdings(instance.id), { addresses: 0, quotas: 0, secrets: 1 })
  })

  test('… or leaves it; what is held stays held until the instance is deleted', async ({
    assert,
  }) => {
    const { acme, fake } = await world()
    const { instance, operation } = await acme.order('web-1')
    fake.failNext('start')
    fake.refuseNext('destroy', { kind: 'unauthorized' })
    await finish(operation)

    await acme.inside(() => operation.abandon('the disk is broken'))
    assert.equal(operation.state, 'failed')
    assert.equal(operation.errorKind, 'abandoned')
    assert.isNull(operation.openOn)
    await acme.inside(() => instance.refresh())
    assert.isNotNull(instance.failedAt)
    assert.deepEqual(await holdings(instance.id), { addresses: 1, quotas: 5, secrets: 1 })
    await assert.rejects(() => acme.inside(() => operation.resume()), 'E_NOT_POSSIBLE_NOW')

    const deletion = await acme.inside(() => instance.destroy(acme.owner))
    await finish(deletion)
    assert.equal(deletion.state, 'succeeded')
    assert.equal(fake.count(), 0)
    assert.deepEqual(await holdings(instance.id), { addresses: 0, quotas: 0, secrets: 0 })
  })

  test('a delete that cannot go on asks for a person and is not taken back', async ({ assert }) => {
    const { acme, fake } = await world()
    const instance = await acme.instance('web-1')
    const deletion = await acme.inside(() => instance.destroy(acme.owner))
    fake.refuseNext('destroy', { kind: 'unauthorized' })
    await finish(deletion)
    assert.equal(deletion.state, 'needs_attention')
    assert.equal(fake.count(), 1)

    await acme.inside(() => deletion.resume())
    assert.equal(deletion.state, 'running')
    await finish(deletion)
    assert.equal(deletion.state, 'succeeded')
    assert.isNull(deletion.errorKind)
    assert.equal(fake.count(), 0)
  })

  test('a fault of ours is taken back and not told to customers word by word', async ({
    assert,
    cleanup,
  }) => {
    const { acme, fake } = await world()
    const { operation } = await acme.order('web-1')
    watchSteps(cleanup, 'instance.create', (point) => {
      if (point === 'run start after') throw new TypeError('select secret from somewhere')
    })
    await finish(operation)
    assert.equal(operation.state, 'failed')
    assert.equal(operation.errorKind, 'unexpected')
    assert.equal(operation.error, 'E_UNEXPECTED')
    assert.equal(fake.count(), 0)
  })

  test('a cluster that cannot even be opened fails a create, and nothing is held', async ({
    assert,
  }) => {
    const { acme, cluster } = await world()
    const { instance, operation } = await acme.order('web-1')
    await db
      .from('clusters')
      .where('id', cluster.id)
      .update({ credentials_encrypted: 'v1.x.y.z.w' })
    await finish(operation)
    assert.equal(operation.state, 'failed')
    assert.equal(operation.errorKind, 'unexpected')
    assert.isEmpty(operation.steps)
    assert.deepEqual(await holdings(instance.id), { addresses: 0, quotas: 0, secrets: 1 })
  })

  test('an end that cannot be written is tried again, then a person is asked', async ({
    assert,
    cleanup,
  }) => {
    const { acme, fake } = await world()
    const { operation } = await acme.order('web-1')
    let failing = true
    useDefinition(cleanup, 'instance.create', ({ close }) => ({
      close: (closing, ending, trx) => {
        if (failing) throw new TypeError('a fault of ours')
        return close!(closing, ending, trx)
      },
    }))
    await finish(operation)
    assert.equal(operation.state, 'needs_attention')
    assert.isNotNull(operation.openOn)
    assert.isNull(operation.endedAt)

    failing = false
    await acme.inside(() => operation.resume())
    assert.equal(operation.state, 'running')
    await finish(operation)
    assert.equal(operation.state, 'succeeded')
    assert.equal(fake.count(), 1)
  })

  test('an end whose transaction fails leaves the operation open', async ({ assert, cleanup }) => {
    const { acme } = await world()
    const { instance, operation } = await acme.order('web-1')
    let failures = 1
    useDefinition(cleanup, 'instance.create', ({ close }) => ({
      close: async (closing, ending, trx) => {
        await close!(closing, ending, trx)
        if (failures-- > 0) throw Object.assign(new Error('gone'), { code: 'ECONNRESET' })
      },
    }))
    const result = await runOnce(operation)
    assert.isFalse(result.done)
    await reread(operation)
    assert.equal(operation.state, 'running')
    assert.isNotNull(operation.openOn)
    await acme.inside(() => instance.refresh())
    assert.isNull(instance.provisionedAt)

    await endPause(operation)
    await finish(operation)
    assert.equal(operation.state, 'succeeded')
    await acme.inside(() => instance.refresh())
    assert.isNotNull(instance.provisionedAt)
  })

  test('a wait that is too long for a worker gives the operation back, and counts as no failure', async ({
    assert,
    cleanup,
  }) => {
    const { acme } = await world()
    const instance = await acme.instance('web-1')
    let asked = 0
    const run = async () => {
      asked += 1
      if (asked < 3) throw new WaitLonger(5_000)
    }
    useDefinition(cleanup, 'instance.power', () => ({ steps: [{ name: 'power', run }] }))
    const operation = await acme.inside(() => instance.power('restart', acme.owner))
    assert.deepEqual(await runOnce(operation), { done: false, againInMs: 5_000 })
    await reread(operation)
    assert.equal(operation.state, 'running')
    assert.equal(operation.failures, 0)
    assert.isNull(operation.heartbeatAt)
    await finish(operation)
    assert.equal(operation.state, 'succeeded')
    assert.equal(asked, 3)
  })

  test('a worker that shuts down gives its operation back at once', async ({ assert, cleanup }) => {
    const { acme } = await world()
    const { operation } = await acme.order('web-1')
    const shutdown = new AbortController()
    const seen = watchSteps(cleanup, 'instance.create', (point) => {
      if (point === 'run create after') shutdown.abort(new Error('told to stop'))
    })
    assert.deepEqual(await runOnce(operation, shutdown.signal), { done: false, againInMs: 0 })
    await reread(operation)
    assert.equal(operation.state, 'running')
    assert.equal(operation.failures, 0)
    assert.isNull(operation.heartbeatAt)
    assert.equal(seen.at(-1), 'run create')

    await finish(operation)
    assert.equal(operation.state, 'succeeded')
    assert.lengthOf(
      seen.filter((step) => step === 'run create'),
      1
    )
  })

  test('a step that waits hears the shutdown', async ({ assert, cleanup }) => {
    const { acme, cluster } = await world()
    cluster.settings = { ...cluster.settings, bootMs: 60_000 }
    await cluster.save()
    const { operation } = await acme.order('web-1')
    const shutdown = new AbortController()
    watchSteps(cleanup, 'instance.create', (point) => {
      if (point === 'run verify before') {
        setTimeout(() => shutdown.abort(new Error('told to stop')), 30)
      }
    })
    const from = Date.now()
    assert.deepEqual(await runOnce(operation, shutdown.signal), { done: false, againInMs: 0 })
    assert.isBelow(Date.now() - from, 20_000)
    assert.isNull((await reread(operation)).errorKind)
  })

  test('moves that the table does not know throw', ({ assert }) => {
    const operation = new Operation()
    operation.uid = 'x1'
    operation.state = 'queued'
    assert.throws(
      () => operation.move('succeeded'),
      'operation x1 cannot go from queued to succeeded'
    )
    operation.move('running')
    operation.move('running')
    operation.move('succeeded')
    assert.throws(() => operation.move('running'))
  })
})

async function ref(operation: Operation): Promise<string> {
  const row = await db.from('instances').where('id', operation.instanceId!).first()
  return row.uid
}
