import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import type Instance from '#models/instance'
import Interface from '#models/interface'
import type Network from '#models/network'
import Quota from '#models/quota'
import Transfer from '#models/transfer'
import { parseAddress } from '#addressing/address'
import type { IpFamily } from '#drivers/contract'
import { backupOf, snapshotOf } from '#tests/support/copies'
import { furtherNetwork } from '#tests/support/networks'
import { anotherNode } from '#tests/support/nodes'
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
    await network.serve('none')
    await refused('E_NETWORK_NOT_OFFERED')
    await network.serve('further')
    await db.from('quotas').where('resource', 'addresses').update({ maximum: 1 })
    await refused('E_QUOTA_EXCEEDED')
    await db.from('quotas').where('resource', 'addresses').update({ maximum: null })
    await attach(scene)
    await refused('E_NETWORK_NOT_OFFERED')
    assert.lengthOf(await db.from('interfaces'), 1)
  })

  test('a network without a free address is refused by the operation, and nothing is held', async ({
    assert,
  }) => {
    const scene = await readyInstance()
    const { acme, instance, network } = scene
    await db.from('address_ranges').where('first_key', parseAddress('10.98.0.10')!.key).delete()
    const operation = await acme.inside(() => instance.attachNetwork({ network, by: acme.owner }))
    await finish(operation)
    assert.deepInclude(operation, { state: 'failed', errorKind: 'out_of_capacity' })
    assert.isEmpty(await db.from('interfaces'))
    assert.equal((await usage(acme.organization.id)).addresses, 1)
  })

  test('one address of each family is leased where the network has pools of both', async ({
    assert,
  }) => {
    const scene = await readyInstance([4, 6])
    await attach(scene)
    const [card] = await cardsIn(scene)
    assert.lengthOf(card!.addresses, 2)
    assert.equal((await usage(scene.acme.organization.id)).addresses, 3)
    assert.isEmpty(await Quota.recount(false))
  })

  test('two orders for the last address: one gets it, the other holds nothing', async ({
    assert,
  }) => {
    const scene = await readyInstance()
    const { acme, instance, network } = scene
    const other = await acme.instance('web-2')
    const last = parseAddress('10.98.0.10')!.key
    await db.from('address_ranges').where('first_key', last).update({ last_key: last })
    const orders = [instance, other].map((one) =>
      acme.inside(() => one.attachNetwork({ network, by: acme.owner }))
    )
    const asked = await Promise.all(orders)
    await Promise.all(asked.map((operation) => finish(operation)))
    assert.sameMembers(
      asked.map(({ state }) => state),
      ['succeeded', 'failed']
    )
    assert.lengthOf(await db.from('interfaces'), 1)
    assert.lengthOf(await db.from('addresses').whereNotNull('interface_id'), 1)
    assert.isEmpty(await Quota.recount(false))
  })

  test('a restart, a restored snapshot and a move keep them', async ({ assert }) => {
    const scene = await attached()
    const { acme, instance, staff } = scene
    const before = await cardsIn(scene)
    await finish(await acme.inside(() => instance.power('restart', acme.owner)))
    assert.deepEqual(await cardsIn(scene), before)

    const snapshot = await snapshotOf(acme, instance, 'before')
    await detach(scene)
    await attach(scene)
    const after = await cardsIn(scene)
    await finish(await acme.inside(() => snapshot.restore({ by: acme.owner })))
    assert.deepEqual(await cardsIn(scene), after)

    const node = await anotherNode(scene)
    const by = await staff()
    const moved = await acme.inside(() => instance.move({ node, by }))
    await finish(moved)
    assert.equal(moved.state, 'succeeded')
    assert.deepEqual(await cardsIn(scene), after)
  })

  test('a snapshot of an earlier time brings no card back that was detached since', async ({
    assert,
  }) => {
    const scene = await attached()
    const { acme, instance } = scene
    const snapshot = await snapshotOf(acme, instance, 'before')
    await detach(scene)
    await finish(await acme.inside(() => snapshot.restore({ by: acme.owner })))
    assert.isEmpty(await cardsIn(scene))
  })

  test('a transfer takes them along, and both sides count right', async ({ assert }) => {
    const scene = await attached()
    const { acme, globex, instance } = scene
    const { uid } = await acme.inside(() =>
      Transfer.offer(instance, { to: globex.organization.slug, by: acme.owner })
    )
    await globex.inside(async () => {
      const offered = await Transfer.offeredAs(globex.organization, uid)
      await offered.accept({ by: globex.owner })
    })
    for (const table of ['interfaces', 'addresses']) {
      const rows = await db.from(table).where('instance_id', instance.id)
      const owners = new Set(rows.map(({ organization_id: id }) => id))
      assert.deepEqual([...owners], [globex.organization.id], table)
    }
    assert.equal((await usage(acme.organization.id)).addresses, 0)
    assert.equal((await usage(globex.organization.id)).addresses, 2)
    assert.isEmpty(await Quota.recount(false))
    assert.lengthOf(await cardsIn(scene), 1)
  })

  test('what is restored from a backup has one card of its own, and the other keeps its cards', async ({
    assert,
  }) => {
    const scene = await attached()
    const { acme, instance, plan } = scene
    const backup = await backupOf(acme, instance, 'before')
    const restored = await acme.inside(() =>
      backup.restore({ name: 'web-2', plan, by: acme.owner })
    )
    await finish(restored.operation)
    assert.equal(restored.operation.state, 'succeeded')
    assert.isEmpty(await cardsIn({ ...scene, instance: restored.instance }))
    assert.lengthOf(await cardsIn(scene), 1)
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

async function readyInstance(families: IpFamily[] = [4]): Promise<Scene> {
  const found = await world()
  const network = await furtherNetwork(found, { families })
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

async function detach(scene: Scene) {
  const { acme, instance } = scene
  const row = await rowOf(scene)
  await finish(await acme.inside(() => row.detach(instance, { by: acme.owner })))
}

async function cardsIn({ cluster, instance }: Pick<Scene, 'cluster' | 'instance'>) {
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
