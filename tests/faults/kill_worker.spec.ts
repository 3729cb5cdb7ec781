import { test } from '@japa/runner'
import { operations } from '#operations/index'
import { Succession } from '#tests/support/crash'
import { crowd, killInDeed, type Inhabitant } from '#tests/support/crowd'
import { FaultGround, missingPrograms } from '#tests/support/fault_ground'
import { assertWhole, sceneries, type Scene } from '#tests/support/fault_scene'
import { ended, holdings } from '#tests/support/steps'
import { ROOT_PASSWORD, tenant } from '#tests/support/world'

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

const NOTHING = { addresses: 0, quotas: 0, secrets: 0 }
/** The password stays for a day, for who tries again. */
const NOTHING_BUT_PASSWORD = { ...NOTHING, secrets: 1 }
const TAKEN_BACK_AT = 'set_credentials'

const missing = missingPrograms()

for (const { name: kind, prepare, without, isQuick } of sceneries) {
  // How many are in the middle of something at once: a real one has no more hands than the machine.
  const atOnce = isQuick ? 30 : 7
  const inTurns = (places: string[]) =>
    Array.from({ length: Math.ceil(places.length / atOnce) }, (_turn, turn) =>
      places.slice(turn * atOnce, (turn + 1) * atOnce)
    )

  test.group(`kill -9 of the worker, on ${kind}`, (group) => {
    const reason = missing ?? without
    if (reason) {
      test('leaves one instance or none').skip(true, reason)
      return
    }

    let scene: Scene
    let succession: Succession
    let orders = 0
    /** What the first test leaves. */
    const living: Inhabitant[] = []

    group.setup(async () => {
      const { variables } = await FaultGround.shared()
      scene = await prepare()
      succession = await Succession.begin(variables)
      return async () => {
        await succession.end()
        await scene.close()
      }
    })

    /** Each by a tenant of its own: what it holds while it waits for its death is in nobody's way. */
    async function dieInCreate(places: string[], failsAt?: string) {
      const died = []
      for (const turn of inTurns(places)) {
        const doomed = []
        for (const place of turn) {
          orders += 1
          const name = `web-${orders}`
          doomed.push({ place, name, tenant: await tenant(`Owner of ${name}`, scene) })
        }
        const ordered = await succession.dieTogether(
          doomed.map(({ place, name, tenant: owner }) => ({
            at: `${name}: ${place}`,
            failsAt: failsAt && `${name}: ${failsAt}`,
            order: () => owner.order(name),
          }))
        )
        died.push(...doomed.map((one, index) => ({ ...one, ...ordered[index]! })))
      }
      for (const { operation } of died) await ended(operation)
      return died
    }

    test('of a create: one instance, all of it held once, wherever it died', async ({ assert }) => {
      for (const { place, operation, instance, tenant: owner } of await dieInCreate(CREATE)) {
        assert.equal(operation.state, 'succeeded', `${place}: ${operation.error}`)
        assert.equal((await holdings(instance.id)).secrets, 1, place)
        assert.isTrue(await scene.isRootPassword(instance, ROOT_PASSWORD), place)
        await owner.inside(() => instance.refresh())
        living.push({ tenant: owner, instance, home: scene })
      }
      await assertWhole(assert, scene)
    })

    // Deletes come second: the lab's storage has room for what the first test leaves, and little more.
    test('of a delete: no instance, nothing held, no password, wherever it died', async ({
      assert,
    }) => {
      const lacking = Math.max(0, DELETE.length - living.length)
      living.push(...(await crowd(scene, lacking)))
      for (const places of inTurns(DELETE)) {
        const done = await killInDeed(succession, living.splice(0, places.length), {
          ends: 'succeeded',
          places,
          order: ({ instance, tenant: owner }) => instance.destroy(owner.owner),
        })
        for (const { instance, place } of done) {
          assert.deepEqual(await holdings(instance.id), NOTHING, place)
        }
      }
      await assertWhole(assert, scene)
    })

    test('while a create is taken back: no instance, nothing held, wherever it died', async ({
      assert,
    }) => {
      // The lab's storage has no room for what is left beside those that are taken back.
      const left = living
        .splice(0)
        .map(({ instance, tenant: owner }) => owner.inside(() => instance.destroy(owner.owner)))
      for (const operation of await Promise.all(left)) await ended(operation!)
      for (const died of await dieInCreate(UNDO, `run ${TAKEN_BACK_AT} before`)) {
        const { place, operation, instance } = died
        assert.equal(operation.state, 'failed', place)
        assert.equal(operation.failedStep, TAKEN_BACK_AT, place)
        assert.deepEqual(await holdings(instance.id), NOTHING_BUT_PASSWORD, place)
      }
      await assertWhole(assert, scene)
    })
  })
}
