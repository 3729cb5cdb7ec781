import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import type Instance from '#models/instance'
import Interface from '#models/interface'
import Network from '#models/network'
import { furtherNetwork } from '#tests/support/networks'
import { usage } from '#tests/support/steps'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, world, type World } from '#tests/support/world'
import { operationConformance } from '#tests/unit/operations/conformance'

type Scene = World & { instance: Instance; network: Network }

test.group('A further network', (group) => {
  operationConformance<Scene>(group, {
    type: 'instance.attach_network',
    scene: readyInstance,
    open: ({ acme, instance, network }) =>
      acme.inside(() => instance.attachNetwork({ network, by: acme.owner })),
    async done(scene, assert) {
      const [card, ...others] = await cardsIn(scene)
      assert.isEmpty(others)
      const row = await rowOf(scene)
      assert.deepInclude(card!, { name: 'eth1', network: 'private', macAddress: row.macAddress })
      assert.isNotNull(row.attachedAt)
      assert.match(await heldAddress(row), /^10\.98\.0\./)
      assert.equal((await usage(scene.acme.organization.id)).addresses, 2)
    },
    async undone(scene, assert) {
      assert.isEmpty(await cardsIn(scene))
      assert.isEmpty(await db.from('interfaces'))
      assert.lengthOf(await db.from('addresses'), 1)
      assert.equal((await usage(scene.acme.organization.id)).addresses, 1)
    },
  })
})

test.group('Leaving a further network', (group) => {
  operationConformance<Scene>(group, {
    type: 'instance.detach_network',
    scene: attached,
    async open(scene) {
      const { acme, instance } = scene
      const row = await rowOf(scene)
      return acme.inside(() => row.detach(instance, { by: acme.owner }))
    },
    async done(scene, assert) {
      assert.isEmpty(await cardsIn(scene))
      assert.isEmpty(await db.from('interfaces'))
      assert.lengthOf(await db.from('addresses'), 1)
      assert.equal((await usage(scene.acme.organization.id)).addresses, 1)
    },
    async undone(scene, assert) {
      assert.lengthOf(await cardsIn(scene), 1)
      assert.lengthOf(await db.from('addresses'), 2)
      assert.equal((await usage(scene.acme.organization.id)).addresses, 2)
    },
  })
})

test.group('Further networks', (group) => {
  group.each.teardown(emptyDatabase)

  test('one that is not on offer, or that it is on already, and an address too many are refused', async ({
    assert,
  }) => {
    const scene = await readyInstance()
    const { acme, instance, network } = scene
    const refused = (code: string) =>
      assert.rejects(
        () => acme.inside(() => instance.attachNetwork({ network, by: acme.owner })),
        code
      )
    await network.withdraw()
    await refused('E_NETWORK_NOT_OFFERED')
    await network.offer()
    await db.from('quotas').where('resource', 'addresses').update({ maximum: 1 })
    await refused('E_QUOTA_EXCEEDED')
    await db.from('quotas').where('resource', 'addresses').update({ maximum: null })
    await attach(scene)
    await refused('E_NETWORK_NOT_OFFERED')
    assert.lengthOf(await db.from('interfaces'), 1)
  })

  test('a reinstallation keeps them, and a deletion gives them back', async ({ assert }) => {
    const scene = await attached()
    const { acme, image, instance } = scene
    const before = await rowOf(scene)
    await finish(await acme.inside(() => instance.reinstall({ image, by: acme.owner })))
    await acme.inside(() => instance.refresh())
    const [card] = await cardsIn(scene)
    assert.deepInclude(card!, { name: 'eth1', macAddress: before.macAddress })
    await finish(await acme.inside(() => instance.destroy(acme.owner)))
    assert.isEmpty(await db.from('interfaces'))
    assert.isEmpty(await db.from('addresses'))
    assert.equal((await usage(acme.organization.id)).addresses, 0)
  })
})

async function readyInstance(): Promise<Scene> {
  const found = await world()
  const network = await furtherNetwork(found)
  return { ...found, network, instance: await found.acme.instance('web-1') }
}

async function attached(): Promise<Scene> {
  const scene = await readyInstance()
  await attach(scene)
  return scene
}

async function attach({ acme, instance, network }: Scene) {
  await finish(await acme.inside(() => instance.attachNetwork({ network, by: acme.owner })))
}

async function cardsIn({ cluster, instance }: Scene) {
  const driver = await cluster.openDriver()
  return driver.interfaces!.list(instance.ref).finally(() => driver.close())
}

function rowOf({ acme, instance }: Scene): Promise<Interface> {
  return acme.inside(async () => {
    const [row] = await Interface.ofInstance(instance)
    return row!
  })
}

async function heldAddress({ id }: Interface): Promise<string> {
  const { address } = await db.from('addresses').where('interface_id', id).firstOrFail()
  return address
}
