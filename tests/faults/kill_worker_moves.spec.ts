import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import type Instance from '#models/instance'
import Node from '#models/node'
import { operations } from '#operations/index'
import type { Succession } from '#tests/support/crash'
import { killInDeed, settle, type Inhabitant } from '#tests/support/crowd'
import { missingPrograms } from '#tests/support/fault_ground'
import { assertWhole, fakeScene, lxdScene, type Scene } from '#tests/support/fault_scene'
import { ownLxdCluster, withoutOwnCluster } from '#tests/support/lxd_lab'
import { anotherNode } from '#tests/support/nodes'

const { steps } = operations['instance.move']

const MOVE = ['run move begun', ...steps.map(({ name }) => `run ${name} after`), 'close after']
/** Of what was done before the limits, which is where it fails. */
const UNDO = [
  'undo move begun',
  ...['move', 'stop', 'unforward'].map((name) => `undo ${name} after`),
]

const missing = missingPrograms()
const noCluster = await withoutOwnCluster()

const places = [
  { name: 'a fake cluster', prepare: () => fakeScene({}, anotherNode), without: null, every: 1 },
  // The same steps; there a few deaths are enough to see that LXD itself leaves nothing behind.
  {
    name: 'a real LXD cluster',
    prepare: async () => lxdScene(await ownLxdCluster()),
    without: noCluster,
    every: 5,
  },
]

for (const { name: kind, prepare, without, every } of places) {
  const some = <Value>(values: Value[]) => values.filter((_place, index) => index % every === 0)

  test.group(`kill -9 of the worker in a move, on ${kind}`, (group) => {
    const reason = missing ?? without
    if (reason) {
      test('leaves one instance').skip(true, reason)
      return
    }

    let scene: Scene
    let succession: Succession
    let houses: Inhabitant[]

    group.setup(async () => {
      const settled = await settle<Scene>(prepare, some(MOVE).length)
      ;({ scene, succession, houses } = settled)
      return settled.leave
    })

    const otherNode = (instance: Instance) =>
      Node.query()
        .where('cluster_id', scene.cluster.id)
        .whereNot('id', instance.nodeId!)
        .firstOrFail()

    const move = async ({ instance, tenant }: Inhabitant) =>
      instance.move({ node: await otherNode(instance), by: tenant.owner })

    /** By their ref. */
    const remote = async () => {
      const found = await scene.instances()
      return new Map(found.map((one) => [one.ref, one]))
    }

    test('ends on the other node, with the same card and address, wherever it died', async ({
      assert,
    }) => {
      const targets = new Map<Instance, Node>()
      for (const { instance } of houses) targets.set(instance, await otherNode(instance))
      const before = await remote()
      const done = await killInDeed(succession, houses, {
        ends: 'succeeded',
        places: some(MOVE),
        order: move,
      })
      const after = await remote()
      for (const { instance, place } of done) {
        const target = targets.get(instance)!
        assert.equal(instance.nodeId, target.id, place)
        const { macAddress, addresses, size } = before.get(instance.ref)!
        assert.deepInclude(
          after.get(instance.ref),
          { node: target.ref, power: 'running', macAddress, addresses, size },
          place
        )
      }
      assert.isEmpty(await heldForMoves(), 'no room is held for a move')
      await assertWhole(assert, scene)
    })

    test('that is taken back: it runs where it was, wherever it died', async ({ assert }) => {
      const nodes = new Map(houses.map(({ instance }) => [instance, instance.nodeId]))
      const before = await remote()
      const done = await killInDeed(succession, houses, {
        ends: 'failed',
        places: some(UNDO),
        failsAt: 'run limit before',
        order: move,
      })
      const after = await remote()
      for (const { instance, operation, place } of done) {
        assert.equal(operation.failedStep, 'limit', place)
        assert.equal(instance.nodeId, nodes.get(instance)!, place)
        const { node, addresses } = before.get(instance.ref)!
        assert.deepInclude(after.get(instance.ref), { node, addresses, power: 'running' }, place)
      }
      assert.isEmpty(await heldForMoves(), 'no room is held for a move')
      await assertWhole(assert, scene)
    })
  })
}

function heldForMoves() {
  return db.from('instances').whereNotNull('moving_to_id').select('id')
}
