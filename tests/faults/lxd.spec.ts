import { setTimeout as sleep } from 'node:timers/promises'
import { test } from '@japa/runner'
import { CrashingWorker } from '#tests/support/crash'
import { FaultGround, missingPrograms } from '#tests/support/fault_ground'
import { assertWhole, lxdScene, type Scene } from '#tests/support/fault_scene'
import { LxdLabNode, NO_OWN_NODE, ownLxd, ownNode } from '#tests/support/lxd_lab'
import { ended } from '#tests/support/steps'
import { ROOT_PASSWORD } from '#tests/support/world'

/** What happens to LXD while it does as it was told, and the worker hears nothing of it. */
const WAYS = {
  'killed with kill -9': async (node: LxdLabNode) => {
    node.kill()
    await sleep(300)
    await LxdLabNode.start(node.number)
  },
  'restarted gracefully': (node: LxdLabNode) => node.restart(),
}

const ways = Object.keys(WAYS) as (keyof typeof WAYS)[]
const inEveryWay = (places: string[]) => places.flatMap((at) => ways.map((way) => ({ way, at })))

const without = (await ownNode()) === null ? NO_OWN_NODE : null

test.group('A real LXD while operations run', (group) => {
  const reason = missingPrograms() ?? without
  if (reason) {
    test('is killed and comes back').skip(true, reason)
    return
  }

  let ground: FaultGround
  let node: LxdLabNode
  let scene: Scene
  let worker: CrashingWorker
  let orders = 0

  group.setup(async () => {
    ground = await FaultGround.shared()
    node = await ownLxd()
    scene = await lxdScene(node)
    worker = await CrashingWorker.start(ground.variables)
    return async () => {
      await worker.die()
      await scene.close()
    }
  })

  const order = () => scene.acme.order(`web-${(orders += 1)}`)

  test('is {way} in a create, at {at}: one instance')
    .with(inEveryWay(['run create begun', 'run start begun']))
    .run(async ({ assert }, { way, at }) => {
      const { reached, goOn } = await worker.stopAt(`web-${orders + 1}: ${at}`)
      const { instance, operation } = await order()
      await reached
      const hurt = WAYS[way](node)
      goOn()
      await hurt
      await ended(operation)
      assert.equal(operation.state, 'succeeded', `${operation.failedStep}: ${operation.error}`)
      await assertWhole(assert, scene)
      assert.isTrue(await scene.isRootPassword(instance, ROOT_PASSWORD))
    })

  test('is {way} in a delete, at {at}: no instance')
    .with(inEveryWay(['run destroy begun']))
    .run(async ({ assert }, { way, at }) => {
      const { instance, operation: create } = await order()
      await ended(create)
      const { reached, goOn } = await worker.stopAt(`${instance.name}: ${at}`)
      const deletion = await scene.acme.inside(() => instance.destroy(scene.acme.owner))
      await reached
      const hurt = WAYS[way](node)
      goOn()
      await hurt
      await ended(deletion)
      assert.equal(deletion.state, 'succeeded', `${deletion.failedStep}: ${deletion.error}`)
      await assertWhole(assert, scene)
    })

  test('and a Redis that is flushed, again and again: everything goes on', async ({ assert }) => {
    const ordered = await Promise.all([order(), order(), order()])
    for (let flushes = 0; flushes < 5; flushes += 1) {
      await ground.flushRedis()
      await sleep(150)
    }
    for (const { operation } of ordered) {
      await ended(operation)
      assert.equal(operation.state, 'succeeded', `${operation.failedStep}: ${operation.error}`)
    }
    await assertWhole(assert, scene)
  })

  test('and a MariaDB that is killed and comes back: everything goes on', async ({ assert }) => {
    const ordered = await Promise.all([order(), order(), order()])
    await sleep(200)
    ground.killDatabase()
    await sleep(300)
    await ground.startDatabase()
    for (const { operation } of ordered) {
      await ended(operation)
      assert.equal(operation.state, 'succeeded', `${operation.failedStep}: ${operation.error}`)
    }
    await assertWhole(assert, scene)
  })
})
