import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import type Instance from '#models/instance'
import Plan from '#models/plan'
import { operations } from '#operations/index'
import type { Succession } from '#tests/support/crash'
import { killInDeed, settle, type Inhabitant } from '#tests/support/crowd'
import { missingPrograms } from '#tests/support/fault_ground'
import { assertWhole, fakeScene, lxdScene, type Scene } from '#tests/support/fault_scene'
import { NO_OWN_NODE, ownLxd, ownNode } from '#tests/support/lxd_lab'

/** Where one step ends the next begins: each edge once. Both sides of it are tried by the suite of all operations. */
const ends = (work: string) => `${work} after`
const { steps } = operations['instance.reinstall']

const REINSTALL = [
  ...steps.map(({ name }) => ends(`run ${name}`)),
  ...['create', 'start', 'remove_old'].map((name) => `run ${name} begun`),
  'close before',
  'close after',
]
const UNDO = [
  ...steps.filter(({ undo }) => undo).map(({ name }) => ends(`undo ${name}`)),
  'undo set_aside begun',
]
const RESIZE = ['run resize begun', ends('run resize'), 'close after']

const PASSWORD = 'the-new-Passw0rd-of-root'
const missing = missingPrograms()
const noLxd = (await ownNode()) === null ? NO_OWN_NODE : null

const places = [
  { name: 'a fake cluster', prepare: fakeScene, without: null, every: 1 },
  // The same steps; there a few deaths are enough to see that LXD itself leaves nothing behind.
  { name: 'a real LXD', prepare: async () => lxdScene(await ownLxd()), without: noLxd, every: 7 },
]

for (const { name: kind, prepare, without, every } of places) {
  const some = <Value>(values: Value[]) => values.filter((_place, index) => index % every === 0)

  test.group(`kill -9 of the worker in a deed, on ${kind}`, (group) => {
    const reason = missing ?? without
    if (reason) {
      test('leaves one instance').skip(true, reason)
      return
    }

    let scene: Scene
    let succession: Succession
    let houses: Inhabitant[]

    group.setup(async () => {
      const settled = await settle<Scene>(prepare, some(REINSTALL).length)
      ;({ scene, succession, houses } = settled)
      return settled.leave
    })

    const reinstall = ({ instance, tenant }: Inhabitant) =>
      instance.reinstall({ image: scene.image, password: PASSWORD, by: tenant.owner })

    test('a reinstall: one instance in the place of the other, wherever it died', async ({
      assert,
    }) => {
      const before = new Map<Instance, string>()
      for (const { instance } of houses) before.set(instance, await addressOf(instance))
      const done = await killInDeed(succession, houses, {
        ends: 'succeeded',
        places: some(REINSTALL),
        order: reinstall,
      })
      for (const { instance, place } of done) {
        assert.isTrue(await scene.isRootPassword(instance, PASSWORD), place)
        assert.equal(await addressOf(instance), before.get(instance)!, place)
      }
      await assertWhole(assert, scene)
    })

    test('a reinstall that is taken back: the old one runs, wherever it died', async ({
      assert,
    }) => {
      const before = new Map(houses.map(({ instance }) => [instance, instance.ref]))
      const done = await killInDeed(succession, houses, {
        ends: 'failed',
        places: some(UNDO),
        failsAt: 'run set_credentials before',
        order: reinstall,
      })
      const remote = await scene.instances()
      for (const { instance, operation, place } of done) {
        assert.equal(operation.failedStep, 'set_credentials', place)
        assert.equal(instance.ref, before.get(instance)!, place)
        const ofIt = remote.filter(({ stamp }) => stamp === instance.uid)
        assert.deepEqual(
          ofIt.map(({ ref, power }) => ({ ref, power })),
          [{ ref: instance.ref, power: 'running' }],
          place
        )
      }
      await assertWhole(assert, scene)
    })

    test('a resize: the new size, counted once, wherever it died', async ({ assert }) => {
      const larger = await largerPlan(scene.plan)
      const done = await killInDeed(succession, houses, {
        ends: 'succeeded',
        places: some(RESIZE),
        order: ({ instance, tenant }) => instance.resize({ plan: larger, by: tenant.owner }),
      })
      const remote = await scene.instances()
      for (const { instance, place } of done) {
        assert.equal(instance.planId, larger.id, place)
        const found = remote.find(({ ref }) => ref === instance.ref)!
        assert.deepEqual(found.size, instance.size, place)
      }
      await assertWhole(assert, scene)
    })
  })
}

async function addressOf({ id }: Instance): Promise<string> {
  const { address } = await db.from('addresses').where('instance_id', id).firstOrFail()
  return address
}

let plans = 0

async function largerPlan(plan: Plan): Promise<Plan> {
  plans += 1
  const { kind, cpus, memoryMib, diskGib, ingressMbps, egressMbps, position } = plan
  const created = await Plan.create({
    name: `larger-${plans}`,
    kind,
    cpus,
    memoryMib: memoryMib + plans,
    diskGib,
    ingressMbps,
    egressMbps,
    position,
  })
  return created.refresh()
}
