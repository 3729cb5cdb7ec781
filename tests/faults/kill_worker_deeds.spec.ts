import { test } from '@japa/runner'
import type { Assert } from '@japa/assert'
import db from '@adonisjs/lucid/services/db'
import type Instance from '#models/instance'
import type Operation from '#models/operation'
import Plan from '#models/plan'
import { operations } from '#operations/index'
import { Succession } from '#tests/support/crash'
import { FaultGround, missingPrograms } from '#tests/support/fault_ground'
import { assertWhole, fakeScene, lxdScene, type Scene } from '#tests/support/fault_scene'
import { NO_OWN_NODE, ownLxd, ownNode } from '#tests/support/lxd_lab'
import { ended } from '#tests/support/steps'

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

    const order = (deed: () => Promise<Operation>) => scene.acme.inside(deed)

    const reinstalling = () =>
      order(async () => {
        await instance.refresh()
        return instance.reinstall({ image: scene.image, password: PASSWORD, by: scene.acme.owner })
      })

    test('a reinstall that dies at "{$self}" ends with one instance in the place of the other')
      .with(some(REINSTALL))
      .run(async ({ assert }, place) => {
        const before = await addressOf(instance)
        const operation = await succession.dieAt(`web-1: ${place}`, reinstalling)
        await ended(operation)
        assert.equal(operation.state, 'succeeded', operation.error ?? '')
        await scene.acme.inside(() => instance.refresh())
        assert.isTrue(await scene.isRootPassword(instance, PASSWORD))
        assert.equal(await addressOf(instance), before)
        await assertWhole(assert, scene)
      })

    test('a reinstall that is taken back and dies at "{$self}" leaves the old one running')
      .with(some(UNDO))
      .run(async ({ assert }, place) => {
        await scene.acme.inside(() => instance.refresh())
        const { ref } = instance
        const operation = await succession.dieAt(`web-1: ${place}`, async () => {
          const asked = await reinstalling()
          // The step that sets it finds nothing.
          await db.from('one_time_secrets').where('id', secretOf(asked)).update({
            value_encrypted: null,
          })
          return asked
        })
        await ended(operation)
        assert.equal(operation.state, 'failed')
        assert.equal(operation.failedStep, 'set_credentials')
        await assertStays(assert, ref)
      })

    test('a resize that dies at "{$self}" ends with the new size, counted once')
      .with(some(RESIZE))
      .run(async ({ assert }, place) => {
        const larger = await largerPlan(scene.plan)
        const operation = await succession.dieAt(`web-1: ${place}`, () =>
          order(async () => {
            await instance.refresh()
            return instance.resize({ plan: larger, by: scene.acme.owner })
          })
        )
        await ended(operation)
        assert.equal(operation.state, 'succeeded', operation.error ?? '')
        await scene.acme.inside(() => instance.refresh())
        assert.equal(instance.planId, larger.id)
        const remote = (await scene.instances()).find(({ ref }) => ref === instance.ref)
        assert.deepEqual(remote!.size, instance.size)
        await assertWhole(assert, scene)
      })

    async function assertStays(assert: Assert, ref: string) {
      await scene.acme.inside(() => instance.refresh())
      assert.equal(instance.ref, ref)
      const [remote, ...others] = await scene.instances()
      assert.isEmpty(others)
      assert.equal(remote!.ref, ref)
      assert.equal(remote!.power, 'running')
    }
  })
}

const secretOf = ({ input }: Operation) => input.secretId as number

async function addressOf({ id }: Instance): Promise<string> {
  const { address } = await db.from('addresses').where('instance_id', id).firstOrFail()
  return address
}

let plans = 0

/** Each a little larger than the one before. */
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
