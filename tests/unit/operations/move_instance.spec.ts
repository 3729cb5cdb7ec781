import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { capacityOfClusters, capacityOfNodes, sumOf } from '#models/capacity'
import type Cluster from '#models/cluster'
import type Instance from '#models/instance'
import type Node from '#models/node'
import PortForward from '#models/port_forward'
import { roomIn } from '#models/room'
import { anotherNode } from '#tests/support/nodes'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, portPool, world, type World } from '#tests/support/world'
import { operationConformance } from '#tests/unit/operations/conformance'

type Scene = World & { instance: Instance; target: Node; before: Known }
type Known = { address: string; macAddress: string | null; forwards: number }

test.group('Move of an instance', (group) => {
  operationConformance<Scene>(group, {
    type: 'instance.move',
    scene: readyInstance,
    open: (scene) => asked(scene),
    async done(scene, assert) {
      const { acme, instance, target } = scene
      await acme.inside(() => instance.refresh())
      assert.equal(instance.nodeId, target.id)
      await assertWhole(scene, 'node-2', assert)
      const rooms = await roomOn(scene.cluster)
      assert.deepEqual(rooms.get(target.id), { memoryMib: 131_072 - 512, diskGib: 3_990 })
      assert.deepEqual(rooms.get(scene.node.id), { memoryMib: 262_144, diskGib: 8_000 })
    },
    async undone(scene, assert) {
      const { acme, instance, node, target } = scene
      await acme.inside(() => instance.refresh())
      assert.equal(instance.nodeId, node.id)
      await assertWhole(scene, 'node-1', assert)
      const rooms = await roomOn(scene.cluster)
      assert.deepEqual(rooms.get(target.id), { memoryMib: 131_072, diskGib: 4_000 })
      assert.deepEqual(rooms.get(node.id), { memoryMib: 262_144 - 512, diskGib: 7_990 })
    },
  })
})

test.group('Moving', (group) => {
  group.each.teardown(emptyDatabase)

  test('while it is under way its room is held on both nodes, and it is sold once', async ({
    assert,
  }) => {
    const scene = await readyInstance()
    const operation = await asked(scene)
    const rooms = await roomOn(scene.cluster)
    assert.equal(rooms.get(scene.node.id)!.memoryMib, 262_144 - 512)
    assert.equal(rooms.get(scene.target.id)!.memoryMib, 131_072 - 512)
    const ofCluster = (await capacityOfClusters()).get(scene.cluster.id)!
    const ofNodes = sumOf((await capacityOfNodes(scene.cluster.id)).values())
    for (const sold of [ofCluster, ofNodes]) {
      assert.deepInclude(sold, { nodes: 2, instances: 1, soldCpus: 1, soldMemoryMib: 512 })
    }
    await assert.rejects(() => operation.cancel(scene.acme.owner), 'E_NOT_POSSIBLE_NOW')
    await finish(operation)
    assert.equal(operation.state, 'succeeded')
  })

  test('one that is stopped is moved and stays stopped', async ({ assert }) => {
    const scene = await readyInstance()
    const { acme, instance } = scene
    await finish(await acme.inside(() => instance.power('stop', acme.owner)))
    await acme.inside(() => instance.refresh())
    await finish(await asked(scene))
    assert.deepInclude(await remote(scene), { node: 'node-2', power: 'stopped' })
  })

  test('a full, closed, silent or foreign node, its own, and a cluster that cannot are refused, and nothing is held', async ({
    assert,
  }) => {
    const scene = await readyInstance()
    const { node, target, cluster } = scene
    const refused = (to: Node, code: string) =>
      assert.rejects(() => asked({ ...scene, target: to }), code)
    await refused(node, 'E_NODE_NOT_OFFERED')
    const other = await world()
    await refused(other.node, 'E_NODE_NOT_OFFERED')
    await target.merge({ memoryMib: 500 }).save()
    await refused(target, 'E_NO_ROOM_ON_NODE')
    await target.merge({ memoryMib: 131_072, online: false }).save()
    await refused(target, 'E_NODE_NOT_OFFERED')
    await target.merge({ online: true }).save()
    await target.close()
    await refused(target, 'E_NODE_NOT_OFFERED')
    await target.open()
    await cluster.change({ settings: { ...cluster.settings, moves: false } })
    await refused(target, 'E_CLUSTER_CANNOT')
    assert.isEmpty(await db.from('instances').whereNotNull('moving_to_id'))
    assert.isEmpty(await db.from('operations').whereNotNull('open_on'))
  })

  test('a node that went away meanwhile fails it before anything is touched', async ({
    assert,
  }) => {
    const scene = await readyInstance()
    const operation = await asked(scene)
    scene.fake.setNodeOnline('node-2', false)
    await finish(operation)
    assert.equal(operation.state, 'failed')
    assert.equal(operation.failedStep, 'check_target')
    assert.deepInclude(await remote(scene), { node: 'node-1', power: 'running' })
    assert.isEmpty(await db.from('instances').whereNotNull('moving_to_id'))
  })
})

async function readyInstance(): Promise<Scene> {
  const found = await world()
  await portPool(found.cluster)
  const target = await anotherNode(found)
  const instance = await found.acme.instance('web-1')
  const before = await known({ ...found, instance })
  return { ...found, target, instance, before }
}

async function asked({
  acme,
  instance,
  target,
  staff,
}: Pick<Scene, 'acme' | 'instance' | 'target' | 'staff'>) {
  const by = await staff('operator')
  return acme.inside(() => instance.move({ node: target, by }))
}

async function known(scene: Pick<Scene, 'acme' | 'cluster' | 'fake' | 'instance'>): Promise<Known> {
  const { addresses, macAddress } = await remote(scene)
  return { address: addresses[0]!.address, macAddress, forwards: scene.fake.countForwards() }
}

async function remote({ cluster, instance }: Pick<Scene, 'cluster' | 'instance'>) {
  const driver = await cluster.openDriver()
  const found = await driver.instances.find(instance.ref).finally(() => driver.close())
  return found!
}

/** It runs there as it was, its forwards lead to it, and nothing is held for a move any more. */
async function assertWhole(
  scene: Pick<Scene, 'acme' | 'cluster' | 'fake' | 'instance' | 'before'>,
  node: string,
  assert: {
    deepEqual: (actual: unknown, wanted: unknown) => void
    deepInclude: (actual: object, wanted: object) => void
    isNull: (value: unknown) => void
    isAbove: (value: number, least: number) => void
  }
) {
  assert.deepInclude(await remote(scene), { node, power: 'running' })
  assert.deepEqual(await known(scene), scene.before)
  assert.isAbove(scene.before.forwards, 0)
  assert.isNull(scene.instance.movingToId)
  const [forward] = await scene.acme.inside(() =>
    PortForward.query().where('instance_id', scene.instance.id)
  )
  const reached = scene.fake.reach(forward!.listenAddress, forward!.protocol, forward!.firstPort)
  assert.deepEqual(reached, `${scene.instance.ref}:22`)
}

async function roomOn(cluster: Cluster) {
  const rooms = await roomIn([cluster])
  return new Map(rooms.map(({ nodeId, memoryMib, diskGib }) => [nodeId, { memoryMib, diskGib }]))
}
