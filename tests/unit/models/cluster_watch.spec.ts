import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { test } from '@japa/runner'
import { redisOptions } from '#config/redis'
import { ClusterWatch } from '#models/cluster_watch'
import Instance from '#models/instance'
import { Tenant } from '#models/concerns/tenant'
import { INSTANCES_CHANNEL } from '#services/progress'
import { until } from '#tests/support/processes'
import { emptyDatabase } from '#tests/support/test_database'
import { world } from '#tests/support/world'

test.group('ClusterWatch', (group) => {
  group.each.setup(() => emptyDatabase())

  async function watched() {
    const scene = await world()
    scene.fake.configure({ eventMs: 20 })
    const instance = await scene.acme.instance('web-1')
    const ending = new AbortController()
    const ready = Promise.withResolvers<void>()
    const running = Tenant.system('test', () =>
      new ClusterWatch(scene.cluster).run(ending.signal, ready.resolve)
    )
    await Promise.race([ready.promise, running])
    const end = async () => {
      ending.abort()
      await running
    }
    const row = () => Tenant.system('test', () => Instance.findOrFail(instance.id))
    return { ...scene, instance, end, running, row }
  }

  test('what somebody else stopped, started or removed is known at once', async ({ assert }) => {
    const { fake, instance, end, row } = await watched()
    fake.turn(instance.ref, 'stopped')
    await until('it reads as stopped', async () => (await row()).powerState === 'stopped', 2_000)
    fake.turn(instance.ref, 'running')
    await until('it reads as running', async () => (await row()).powerState === 'running', 2_000)
    fake.lose(instance.ref)
    await until('it reads as missing', async () => (await row()).phase === 'missing', 2_000)
    fake.add([{ ref: instance.ref, stamp: instance.uid }])
    await until('it is back', async () => (await row()).phase === 'running', 2_000)
    assert.isNull((await row()).missingSince)
    await end()
  })

  test('whoever has the page open is told', async ({ assert }) => {
    const { fake, instance, end, acme } = await watched()
    const listener = new Redis(redisOptions)
    await listener.subscribe(INSTANCES_CHANNEL)
    const heard = once(listener, 'message')
    fake.turn(instance.ref, 'stopped')
    const [, message] = await heard
    await listener.quit()
    assert.deepEqual(JSON.parse(message), {
      organizationId: acme.organization.id,
      instanceUid: instance.uid,
      powerState: 'stopped',
      isMissing: false,
    })
    await end()
  })

  test('one with an open operation is left to it', async ({ assert }) => {
    const { fake, instance, end, acme, row } = await watched()
    await acme.inside(() => instance.power('restart', acme.owner))
    fake.turn(instance.ref, 'stopped')
    await sleep(200)
    assert.equal((await row()).powerState, 'running')
    await end()
  })

  test('a cluster that goes silent ends it', async ({ assert }) => {
    const { fake, running } = await watched()
    fake.goOffline()
    await assert.rejects(() => running, /offline/)
  })
})
