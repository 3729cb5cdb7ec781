import type { Assert } from '@japa/assert'
import { test } from '@japa/runner'
import { operations } from '#operations/index'
import { Succession } from '#tests/support/crash'
import { killInDeed, type Inhabitant } from '#tests/support/crowd'
import { FaultGround, missingPrograms } from '#tests/support/fault_ground'
import { assertWhole, proxmoxScene } from '#tests/support/fault_scene'
import { ended, holdings } from '#tests/support/steps'
import { ROOT_PASSWORD, tenant } from '#tests/support/world'

/** Where one step ends the next begins: each edge once. */
const ends = (type: 'instance.create' | 'instance.reinstall' | 'instance.delete') =>
  operations[type].steps.map(({ name }) => `run ${name} after`)
const begun = (...steps: string[]) => steps.map((name) => `run ${name} begun`)

const CREATE = [...ends('instance.create'), ...begun('create', 'start'), 'close before']
const REINSTALL = [
  ...ends('instance.reinstall'),
  ...begun('create', 'start', 'remove_old', 'keep_number', 'start_again'),
]
const DELETE = [...ends('instance.delete'), ...begun('destroy'), 'close before']

const PASSWORD = 'the-new-Passw0rd-of-root'

test.group('kill -9 of the worker, on a simulated Proxmox VE', (group) => {
  const missing = missingPrograms()
  if (missing) {
    test('leaves one guest or none').skip(true, missing)
    return
  }

  let scene: Awaited<ReturnType<typeof proxmoxScene>>
  let succession: Succession
  const living: Inhabitant[] = []

  group.setup(async () => {
    const { variables } = await FaultGround.shared()
    scene = await proxmoxScene()
    succession = await Succession.begin(variables)
    return async () => {
      await succession.end()
      await scene.close()
    }
  })

  test('of a create: one guest, one number, all of it held once, wherever it died', async ({
    assert,
  }) => {
    // As many as are reinstalled afterwards; the others just come up.
    const places = Array.from(
      { length: Math.max(CREATE.length, REINSTALL.length) },
      (_, index) => CREATE[index % CREATE.length]!
    )
    const doomed = []
    for (const [index, place] of places.entries()) {
      const name = `web-${index + 1}`
      const owner = await tenant(`Owner of ${name}`, scene)
      await owner.lift()
      doomed.push({ name, place, owner })
    }
    const ordered = await succession.dieTogether(
      doomed.map(({ name, place, owner }) => ({
        at: `${name}: ${place}`,
        order: () => owner.order(name),
      }))
    )
    for (const [index, { operation, instance }] of ordered.entries()) {
      const { owner, place } = doomed[index]!
      await ended(operation)
      assert.equal(operation.state, 'succeeded', `${place}: ${operation.error}`)
      assert.equal((await holdings(instance.id)).secrets, 1, place)
      await owner.inside(() => instance.refresh())
      living.push({ tenant: owner, instance, home: scene })
    }
    assert.isTrue(await scene.isRootPassword(living[0]!.instance, ROOT_PASSWORD))
    assert.lengthOf(new Set(living.map(({ instance }) => instance.ref)), living.length)
    await assertWhole(assert, scene)
    assertAccounts(assert)
  })

  test('of a reinstallation: one guest with the number, card and address it had', async ({
    assert,
  }) => {
    const before = new Map(living.map(({ instance }) => [instance.id, instance.serialize()]))
    const done = await killInDeed(succession, living.slice(0, REINSTALL.length), {
      ends: 'succeeded',
      places: REINSTALL,
      order: ({ instance, tenant: owner }) =>
        instance.reinstall({ image: scene.image, password: PASSWORD, by: owner.owner }),
    })
    for (const { instance, place } of done) {
      const { ref, macAddress } = before.get(instance.id)!
      assert.deepEqual([instance.ref, instance.macAddress], [ref, macAddress], place)
      assert.isNull(instance.spareRef, place)
    }
    await assertWhole(assert, scene)
    assertAccounts(assert)
  })

  test('of a delete: no guest and nothing held, wherever it died', async ({ assert }) => {
    const done = await killInDeed(succession, living.splice(0, DELETE.length), {
      ends: 'succeeded',
      places: DELETE,
      order: ({ instance, tenant: owner }) => instance.destroy(owner.owner),
    })
    for (const { instance, place } of done) {
      assert.deepEqual(await holdings(instance.id), { addresses: 0, quotas: 0, secrets: 0 }, place)
    }
    await assertWhole(assert, scene)
    assertAccounts(assert)
    const refused = scene.simulator.invalidRequests.filter(({ call }) => !ASKED.test(call))
    assert.isEmpty(refused, 'every request is one that the real one takes')
  })

  /** One for each that lives, good for its number and for nothing else. */
  function assertAccounts(assert: Assert): void {
    const wanted = living.map(({ instance }) => ({
      stamp: instance.uid,
      paths: [`/vms/${instance.ref}`],
    }))
    assert.sameDeepMembers(scene.simulator.consoleAccounts, wanted)
  }
})

/** Asked to find out whether it is so, which the real one answers with 400, too. */
const ASKED = /nextid|\/tasks\/\{upid\}\/status/
