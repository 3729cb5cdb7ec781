import { test } from '@japa/runner'
import { settle } from '#drivers/settle'
import type Instance from '#models/instance'
import { failedStart, startLog } from '#models/rescue'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, powerOf, world, type World } from '#tests/support/world'
import { operationConformance } from '#tests/unit/operations/conformance'

type Scene = World & { instance: Instance }

test.group('Rescue of an instance', (group) => {
  operationConformance<Scene>(group, {
    type: 'instance.rescue',
    scene: brokenInstance,
    open: ({ acme, instance }) => acme.inside(() => instance.rescue({ by: acme.owner })),
    async done({ acme, instance, cluster }, assert) {
      await acme.inside(() => instance.refresh())
      assert.equal(await powerOf(instance, cluster), 'running')
      assert.deepEqual((await remoteOf({ cluster, instance })).size, instance.size)
    },
    // What was repaired stays repaired.
    async undone({ instance, cluster }, assert) {
      assert.isNotNull(await powerOf(instance, cluster))
    },
  })
})

test.group('A start that failed', (group) => {
  group.each.teardown(emptyDatabase)

  test('is told with what the cluster says, until it is started', async ({ assert }) => {
    const { acme, instance, fake } = await brokenInstance()
    fake.failNext('start', { kind: 'invalid', reason: 'no such mount' })
    await finish(await acme.inside(() => instance.power('start', acme.owner)))
    await acme.inside(async () => {
      const row = await reload(instance)
      assert.equal(failedStart(row)?.type, 'instance.power')
      assert.deepEqual(await startLog(row), ['start: no such mount'])
    })
    await finish(await acme.inside(() => instance.rescue({ by: acme.owner })))
    await acme.inside(async () => assert.isNull(failedStart(await reload(instance))))
  })

  test('is not asked for while the cluster is silent', async ({ assert }) => {
    const { acme, instance, cluster, fake } = await brokenInstance()
    fake.goOffline()
    await acme.inside(async () => assert.isNull(await startLog(await reload(instance))))
    await cluster.merge({ status: 'offline' }).save()
    await acme.inside(async () => assert.isNull(await startLog(await reload(instance))))
  })
})

/** Stopped, with limits that somebody changed. */
async function brokenInstance(): Promise<Scene> {
  const found = await world()
  const instance = await found.acme.instance('web-1')
  await finish(await found.acme.inside(() => instance.power('stop', found.acme.owner)))
  await found.acme.inside(() => instance.refresh())
  const driver = await found.cluster.openDriver()
  const size = { ...instance.size, memoryMib: 64, cpus: 2 }
  await settle(driver, await driver.instances.resize(instance.ref, size)).finally(() =>
    driver.close()
  )
  return { ...found, instance }
}

async function remoteOf({ cluster, instance }: Pick<Scene, 'cluster' | 'instance'>) {
  const driver = await cluster.openDriver()
  const remote = await driver.instances.find(instance.ref).finally(() => driver.close())
  return remote!
}

async function reload(instance: Instance): Promise<Instance> {
  await instance.refresh()
  await instance.load((relation) =>
    relation.load('cluster').load('operations', (operations) => operations.orderBy('id', 'desc'))
  )
  return instance
}
