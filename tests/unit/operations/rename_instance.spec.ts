import { test } from '@japa/runner'
import type Instance from '#models/instance'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, world, type World } from '#tests/support/world'
import { operationConformance } from '#tests/unit/operations/conformance'

type Scene = World & { instance: Instance }

test.group('Rename of an instance', (group) => {
  operationConformance<Scene>(group, {
    type: 'instance.rename',
    scene: readyInstance,
    async open({ acme, instance }) {
      const asked = { name: 'shop-1', by: acme.owner }
      return (await acme.inside(() => instance.rename(asked)))!
    },
    async done({ acme, instance, fake }, assert) {
      await acme.inside(() => instance.refresh())
      assert.deepInclude(instance.serialize(), { name: 'shop-1', liveName: 'shop-1' })
      assert.equal(fake.hostName(instance.ref), 'shop-1')
    },
    async undone({ acme, instance, fake }, assert) {
      await acme.inside(() => instance.refresh())
      assert.deepInclude(instance.serialize(), { name: 'web-1', liveName: 'web-1' })
      assert.equal(fake.hostName(instance.ref), 'web-1')
    },
  })
})

test.group('Renaming', (group) => {
  group.each.teardown(emptyDatabase)

  test('a name that another one has is refused with one that is free, and nothing changes', async ({
    assert,
  }) => {
    const { acme, instance } = await readyInstance()
    await acme.instance('web-2')
    await assert.rejects(
      () => acme.inside(() => instance.rename({ name: 'web-2', by: acme.owner })),
      'E_NAME_TAKEN'
    )
    await acme.inside(() => instance.refresh())
    assert.equal(instance.name, 'web-1')
  })

  test('where the cluster cannot tell the guest it is only called otherwise', async ({
    assert,
  }) => {
    const { acme, instance, cluster } = await readyInstance()
    await cluster.merge({ settings: { ...cluster.settings, hostName: false } }).save()
    const operation = await acme.inside(() => instance.rename({ name: 'db-1', by: acme.owner }))
    assert.isNull(operation)
    assert.equal(instance.name, 'db-1')
  })

  test('its old name, taken meanwhile, is not taken back', async ({ assert }) => {
    const { acme, instance, fake } = await readyInstance()
    fake.refuseNext('set_host_name', { kind: 'invalid' })
    const operation = await acme.inside(() => instance.rename({ name: 'db-1', by: acme.owner }))
    await acme.order('web-1')
    await finish(operation!)
    assert.equal(operation!.state, 'failed')
    await acme.inside(() => instance.refresh())
    assert.equal(instance.name, 'db-1')
  })
})

async function readyInstance(): Promise<Scene> {
  const found = await world()
  return { ...found, instance: await found.acme.instance('web-1') }
}
