import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import type Instance from '#models/instance'
import { compare, differing, finding } from '#tests/support/drift'
import { finish, portPool, powerOf, world, type World } from '#tests/support/world'
import { operationConformance } from '#tests/unit/operations/conformance'

type Scene = World & { instance: Instance; address: string }

test.group('An instance made again', (group) => {
  operationConformance<Scene>(group, {
    type: 'instance.recreate',
    async scene() {
      const scene = await world()
      await portPool(scene.cluster)
      const instance = await scene.acme.instance('web-1')
      const { address } = await db.from('addresses').where('instance_id', instance.id).first()
      scene.fake.lose(instance.ref)
      scene.fake.loseForwards()
      await compare(scene.cluster)
      return { ...scene, instance, address }
    },
    async open({ cluster, staff }) {
      return (await finding(cluster, 'missing')).recreate(await staff())
    },
    async done({ acme, cluster, fake, instance, address }, assert) {
      await acme.inside(() => instance.refresh())
      assert.isNull(instance.missingSince)
      assert.equal(await powerOf(instance, cluster), 'running')
      const driver = await cluster.openDriver()
      const remote = await driver.instances.find(instance.ref).finally(() => driver.close())
      assert.equal(remote!.stamp, instance.uid)
      assert.deepEqual(remote!.size, instance.size)
      assert.deepEqual(remote!.addresses, [{ family: 4, address }])
      assert.equal(fake.countForwards(), 1)
      assert.deepEqual(await differing(cluster), [])
    },
    async undone({ cluster, instance, address }, assert) {
      assert.isNull(await powerOf(instance, cluster))
      const held = await db.from('addresses').where('instance_id', instance.id)
      assert.deepEqual(
        held.map((row) => row.address),
        [address]
      )
      assert.deepEqual(await differing(cluster), ['missing web-1'])
    },
  })

  test('what came back in the meantime is neither taken nor taken away', async ({ assert }) => {
    const scene = await world()
    const instance = await scene.acme.instance('web-1')
    const addresses = [
      { family: 4 as const, address: '10.99.0.10', prefixLength: 24, gateway: null },
    ]
    scene.fake.lose(instance.ref)
    await compare(scene.cluster)
    const operation = await (await finding(scene.cluster, 'missing')).recreate(await scene.staff())
    scene.fake.add([{ ref: instance.ref, stamp: instance.uid, addresses }])
    await finish(operation)
    assert.equal(operation.state, 'failed')
    assert.equal(operation.failedStep, 'check_absent')
    assert.equal(await powerOf(instance, scene.cluster), 'running')
  })
})
