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

  test('is {$self} in creates and in a delete: one instance, one instance, and none')
    .with(ways)
    .run(async ({ assert }, way) => {
      const { instance: old, operation: create } = await order()
      await ended(create)
      const next = (number: number) => `web-${orders + number}`
      // All are told before the first one comes by: who stands still goes on by the next word it hears.
      const stops = [
        await worker.stopAt(`${next(1)}: run create begun`),
        await worker.stopAt(`${next(2)}: run start begun`),
        await worker.stopAt(`${old.name}: run destroy begun`),
      ]
      const ordered = [await order(), await order()]
      const deletion = await scene.acme.inside(() => old.destroy(scene.acme.owner))
      await Promise.all(stops.map(({ reached }) => reached))
      const hurt = WAYS[way](node)
      stops[0]!.goOn()
      await hurt
      for (const operation of [...ordered.map((made) => made.operation), deletion]) {
        await ended(operation)
        assert.equal(operation.state, 'succeeded', `${operation.failedStep}: ${operation.error}`)
      }
      await assertWhole(assert, scene)
      for (const { instance } of ordered) {
        assert.isTrue(await scene.isRootPassword(instance, ROOT_PASSWORD))
      }
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
