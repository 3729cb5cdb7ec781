import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import type Instance from '#models/instance'
import type User from '#models/user'
import type { SuspensionReason } from '#models/types'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, powerOf as remotePowerOf, world } from '#tests/support/world'
import { operationConformance } from '#tests/unit/operations/conformance'

type World = Awaited<ReturnType<typeof world>>

test.group('Suspending an instance', (group) => {
  operationConformance(group, {
    type: 'instance.suspend',
    async scene() {
      const scene = await world()
      return { ...scene, instance: await scene.acme.instance('web-1') }
    },
    async open({ acme, instance }) {
      const { operation } = await acme.inside(() => instance.suspend('billing', { by: null }))
      return operation!
    },
    async done({ instance, cluster }, assert) {
      assert.equal(await remotePowerOf(instance, cluster), 'stopped')
      const open = await db.from('suspensions').whereNotNull('open_on')
      assert.deepEqual(
        open.map(({ was_running: wasRunning }) => Boolean(wasRunning)),
        [true]
      )
    },
    async undone({ instance, cluster }, assert) {
      assert.equal(await remotePowerOf(instance, cluster), 'running')
      assert.lengthOf(await db.from('suspensions').whereNotNull('open_on'), 0)
    },
  })
})

test.group('Starting an instance after its suspension', (group) => {
  operationConformance(group, {
    type: 'instance.unsuspend',
    async scene() {
      const scene = await world()
      const instance = await scene.acme.instance('web-1')
      await suspend(scene.acme, instance, 'billing')
      return { ...scene, instance }
    },
    async open({ acme, instance }) {
      const { operation } = await acme.inside(() => instance.unsuspend('billing', { by: null }))
      return operation!
    },
    async done({ instance, cluster }, assert) {
      assert.equal(await remotePowerOf(instance, cluster), 'running')
      assert.lengthOf(await db.from('suspensions').whereNotNull('open_on'), 0)
    },
    // It stays lifted, and a start that happened is not taken back.
    async undone(_, assert) {
      assert.lengthOf(await db.from('suspensions').whereNotNull('open_on'), 0)
    },
  })
})

test.group('Suspensions', (group) => {
  group.each.teardown(emptyDatabase)

  test('the first stops it, the customer cannot start it, the last one lifted starts it again', async ({
    assert,
  }) => {
    const { acme } = await world()
    const web = await acme.instance('web-1')
    await suspend(acme, web, 'billing')
    assert.equal(await powerOf(acme, web), 'stopped')
    for (const action of ['start', 'restart'] as const) {
      await assert.rejects(
        () => acme.inside(() => web.power(action, acme.owner)),
        'E_INSTANCE_SUSPENDED'
      )
    }
    await lift(acme, web, 'billing')
    assert.equal(await powerOf(acme, web), 'running')
    assert.lengthOf(await db.from('suspensions').whereNull('open_on').whereNotNull('lifted_at'), 1)
  })

  test('lifting one reason leaves the others', async ({ assert }) => {
    const { acme } = await world()
    const web = await acme.instance('web-1')
    await suspend(acme, web, 'billing')
    assert.isNull(await suspend(acme, web, 'abuse'))
    assert.isNull(await lift(acme, web, 'billing'))
    assert.equal(await powerOf(acme, web), 'stopped')
    assert.isNotNull(await lift(acme, web, 'abuse'))
    assert.equal(await powerOf(acme, web), 'running')
  })

  test('one that was stopped before stays stopped after', async ({ assert }) => {
    const { acme } = await world()
    const web = await acme.instance('web-1')
    await finish(await acme.inside(() => web.power('stop', acme.owner)))
    await suspend(acme, web, 'traffic')
    assert.isNull(await lift(acme, web, 'traffic'))
    assert.equal(await powerOf(acme, web), 'stopped')
  })

  test('twice for one reason is once', async ({ assert }) => {
    const { acme } = await world()
    const web = await acme.instance('web-1')
    await suspend(acme, web, 'billing')
    assert.isNull(await suspend(acme, web, 'billing'))
    assert.lengthOf(await db.from('suspensions'), 1)
    await lift(acme, web, 'billing')
    await assert.rejects(() => lift(acme, web, 'billing'), 'E_NOT_SUSPENDED')
  })

  test('one that cannot be stopped runs on and is not suspended', async ({ assert }) => {
    const { acme, fake } = await world()
    const web = await acme.instance('web-1')
    fake.refuseNext('stop', { kind: 'unsupported' })
    const operation = await suspend(acme, web, 'billing')
    assert.equal(operation?.state, 'failed')
    assert.equal(await powerOf(acme, web), 'running')
    assert.lengthOf(await db.from('suspensions').whereNotNull('open_on'), 0)
  })

  test('a guest that does not hear is stopped by force', async ({ assert }) => {
    const { acme, fake } = await world()
    const web = await acme.instance('web-1')
    fake.failNext('stop', { reason: 'the guest did not shut down in time' })
    const operation = await suspend(acme, web, 'abuse')
    assert.equal(operation?.state, 'succeeded')
    assert.equal(await powerOf(acme, web), 'stopped')
  })

  test('what its owner may not stop half-way cannot be cancelled', async ({ assert }) => {
    const { acme } = await world()
    const web = await acme.instance('web-1')
    const { operation } = await acme.inside(() => web.suspend('billing', { by: null }))
    assert.isFalse(operation!.isCancellable)
    await assert.rejects(
      () => acme.inside(() => operation!.cancel(acme.owner)),
      'E_NOT_POSSIBLE_NOW'
    )
    await assert.rejects(
      () => acme.inside(() => web.unsuspend('billing', { by: null })),
      'E_INSTANCE_BUSY'
    )
  })

  test('what is suspended for abuse is deleted by staff and by programs only', async ({
    assert,
  }) => {
    const { acme, fake, staff } = await world()
    const web = await acme.instance('web-1')
    await suspend(acme, web, 'billing')
    await suspend(acme, web, 'abuse')
    const destroy = (by: User | null) => acme.inside(() => web.destroy(by))
    await assert.rejects(() => destroy(acme.owner), 'E_INSTANCE_SUSPENDED')
    await finish(await destroy(await staff('operator')))
    assert.equal(fake.count(), 0)
    const other = await acme.instance('web-2')
    await suspend(acme, other, 'abuse')
    await finish(await acme.inside(() => other.destroy(null)))
    assert.equal(fake.count(), 0)
  })

  test('it can be deleted while it is suspended', async ({ assert }) => {
    const { acme, fake } = await world()
    const web = await acme.instance('web-1')
    await suspend(acme, web, 'billing')
    await finish(await acme.inside(() => web.destroy(acme.owner)))
    assert.equal(fake.count(), 0)
  })
})

async function suspend({ inside }: World['acme'], instance: Instance, reason: SuspensionReason) {
  const { operation } = await inside(() => instance.suspend(reason, { by: null }))
  return operation && finish(operation)
}

async function lift({ inside }: World['acme'], instance: Instance, reason: SuspensionReason) {
  const { operation } = await inside(() => instance.unsuspend(reason, { by: null }))
  return operation && finish(operation)
}

async function powerOf({ inside }: World['acme'], instance: Instance) {
  await inside(() => instance.refresh())
  return instance.powerState
}
