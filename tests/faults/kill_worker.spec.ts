import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { operations } from '#operations/index'
import Instance from '#models/instance'
import { Succession } from '#tests/support/crash'
import { FaultGround, missingPrograms } from '#tests/support/fault_ground'
import { assertWhole, sceneries, type Scene } from '#tests/support/fault_scene'
import { ended, holdings } from '#tests/support/steps'
import { ROOT_PASSWORD } from '#tests/support/world'

const { steps } = operations['instance.create']
const around = (work: string) => [`${work} before`, `${work} after`]

const CREATE = [
  ...steps.flatMap(({ name }) => around(`run ${name}`)),
  'run create begun',
  'run start begun',
  ...around('close'),
]
const UNDO = [
  ...steps.filter(({ undo }) => undo).flatMap(({ name }) => around(`undo ${name}`)),
  'undo create begun',
  ...around('close'),
]
const DELETE = [
  ...operations['instance.delete'].steps.flatMap(({ name }) => around(`run ${name}`)),
  'run destroy begun',
  ...around('close'),
]

/** One death after the other, or each looked at by itself. */
type Places = { at: string; places: string[] }
const inOneGo = (places: string[]): Places[] => [{ at: 'every place', places }]
const oneByOne = (places: string[]): Places[] =>
  places.map((place) => ({ at: `"${place}"`, places: [place] }))

const NOTHING = { addresses: 0, quotas: 0, secrets: 0 }

const missing = missingPrograms()

for (const { name: kind, prepare, without, isQuick } of sceneries) {
  const split = isQuick ? oneByOne : inOneGo

  test.group(`kill -9 of the worker, on ${kind}`, (group) => {
    const reason = missing ?? without
    if (reason) {
      test('leaves one instance or none').skip(true, reason)
      return
    }

    let scene: Scene
    let succession: Succession
    let orders = 0

    group.setup(async () => {
      const { variables } = await FaultGround.shared()
      scene = await prepare()
      succession = await Succession.begin(variables)
      return async () => {
        await succession.end()
        await scene.close()
      }
    })

    const order = () => scene.acme.order(`web-${(orders += 1)}`)
    const nextName = () => `web-${orders + 1}`

    async function readyInstances(count: number): Promise<Instance[]> {
      const ready = await scene.acme.inside(() =>
        Instance.query().whereNull('deleted_at').whereNotNull('provisioned_at').limit(count)
      )
      for (let more = ready.length; more < count; more += 1) {
        const { instance, operation } = await order()
        await ended(operation)
        ready.push(instance)
      }
      return ready
    }

    test('of a create, at {at}: one instance, all of it held once')
      .with(split(CREATE))
      .run(async ({ assert }, { places }) => {
        const died = []
        for (const place of places) {
          died.push({ place, ...(await succession.dieAt(`${nextName()}: ${place}`, order)) })
        }
        for (const { place, operation, instance } of died) {
          await ended(operation)
          assert.equal(operation.state, 'succeeded', `${place}: ${operation.error}`)
          assert.equal((await holdings(instance.id)).secrets, 1, place)
          assert.isTrue(await scene.isRootPassword(instance, ROOT_PASSWORD), place)
        }
        await assertWhole(assert, scene)
      })

    // Deletes come second: the lab's storage has room for what the first test leaves, and little more.
    test('of a delete, at {at}: no instance, nothing held, no password')
      .with(split(DELETE))
      .run(async ({ assert }, { places }) => {
        const instances = await readyInstances(places.length)
        const died = []
        for (const [index, place] of places.entries()) {
          const instance = instances[index]
          const operation = await succession.dieAt(`${instance.name}: ${place}`, () =>
            scene.acme.inside(() => instance.destroy(scene.acme.owner))
          )
          died.push({ place, operation, instance })
        }
        for (const { place, operation, instance } of died) {
          await ended(operation)
          assert.equal(operation.state, 'succeeded', `${place}: ${operation.error}`)
          assert.deepEqual(await holdings(instance.id), NOTHING, place)
        }
        await assertWhole(assert, scene)
      })

    test('while a create is taken back, at {at}: no instance, nothing held')
      .with(split(UNDO))
      .run(async ({ assert }, { places }) => {
        const died = []
        for (const place of places) {
          const name = nextName()
          const ordered = await succession.dieAt(`${name}: ${place}`, async () => {
            const { reached, goOn } = await succession.worker.stopAt(
              `${name}: run choose_node before`
            )
            const { instance, operation } = await order()
            await reached
            // Nothing to set any more: the step before the last fails, and for good.
            await db
              .from('one_time_secrets')
              .where('instance_id', instance.id)
              .update({ value_encrypted: null })
            goOn()
            return { instance, operation }
          })
          died.push({ place, ...ordered })
        }
        for (const { place, operation, instance } of died) {
          await ended(operation)
          assert.equal(operation.state, 'failed', place)
          assert.equal(operation.failedStep, 'set_credentials', place)
          assert.deepEqual(await holdings(instance.id), NOTHING, place)
        }
        await assertWhole(assert, scene)
      })
  })
}
