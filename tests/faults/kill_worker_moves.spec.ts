import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import type Instance from '#models/instance'
import Node from '#models/node'
import { operations } from '#operations/index'
import { Succession } from '#tests/support/crash'
import { FaultGround, missingPrograms } from '#tests/support/fault_ground'
import { assertWhole, fakeScene, lxdScene, type Scene } from '#tests/support/fault_scene'
import { ownLxdCluster, withoutOwnCluster } from '#tests/support/lxd_lab'
import { anotherNode } from '#tests/support/nodes'
import { ended } from '#tests/support/steps'

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
    let instance: Instance

    group.setup(async () => {
      const { variables } = await FaultGround.shared()
      scene = await prepare()
      succession = await Succession.begin(variables)
      const ordered = await scene.acme.order('web-1')
      await ended(ordered.operation)
      instance = ordered.instance
      return async () => {
        await succession.end()
        await scene.close()
      }
    })

    const refresh = () => scene.acme.inside(() => instance.refresh())

    const moveTo = (target: Node) =>
      scene.acme.inside(async () => {
        await instance.refresh()
        return instance.move({ node: target, by: scene.acme.owner })
      })

    const otherNode = () =>
      Node.query()
        .where('cluster_id', scene.cluster.id)
        .whereNot('id', instance.nodeId!)
        .firstOrFail()

    const remote = async () => {
      const [found, ...others] = await scene.instances()
      if (!found || others.length > 0) throw new Error('there is not one instance')
      return found
    }

    test('one that dies at "{$self}" ends on the other node, with the same card and address')
      .with(some(MOVE))
      .run(async ({ assert }, place) => {
        await refresh()
        const before = await remote()
        const target = await otherNode()
        const operation = await succession.dieAt(`web-1: ${place}`, () => moveTo(target))
        await ended(operation)
        assert.equal(operation.state, 'succeeded', operation.error ?? '')
        await refresh()
        assert.equal(instance.nodeId, target.id)
        const { macAddress, addresses, size } = before
        assert.deepInclude(await remote(), {
          node: target.ref,
          power: 'running',
          macAddress,
          addresses,
          size,
        })
        await assertSettled()
        await assertWhole(assert, scene)
      })

    test('one that is taken back and dies at "{$self}" runs where it was')
      .with(some(UNDO))
      .run(async ({ assert }, place) => {
        await refresh()
        const before = await remote()
        const target = await otherNode()
        const operation = await succession.dieAt(`web-1: ${place}`, async () => {
          const asked = await moveTo(target)
          await sellDisk(0)
          return asked
        })
        await ended(operation)
        await sellDisk(before.size.diskGib)
        assert.equal(operation.state, 'failed')
        assert.equal(operation.failedStep, 'limit')
        await refresh()
        assert.notEqual(instance.nodeId, target.id)
        const { node, addresses } = before
        assert.deepInclude(await remote(), { node, addresses, power: 'running' })
        await assertSettled()
        await assertWhole(assert, scene)
      })

    /** No cluster makes a disk smaller. */
    async function sellDisk(diskGib: number) {
      await db.from('instances').where('id', instance.id).update({ disk_gib: diskGib })
    }

    async function assertSettled() {
      const held = await db.from('instances').whereNotNull('moving_to_id').select('id')
      if (held.length > 0) throw new Error('room is still held for a move')
    }
  })
}
