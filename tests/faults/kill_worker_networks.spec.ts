import { test } from '@japa/runner'
import { operations } from '#operations/index'
import type Instance from '#models/instance'
import Interface from '#models/interface'
import type Operation from '#models/operation'
import { Succession } from '#tests/support/crash'
import { FaultGround, missingPrograms } from '#tests/support/fault_ground'
import { furtherNetwork } from '#tests/support/networks'
import { ended, usage } from '#tests/support/steps'
import { world, type World } from '#tests/support/world'

type Scene = World & { instance: Instance; name: string; place: string }

const around = (work: string) => [`${work} before`, `${work} after`]

const placesOf = (type: 'instance.attach_network' | 'instance.detach_network') => [
  ...operations[type].steps.flatMap(({ name }) => around(`run ${name}`)),
  ...around('close'),
]

test.group('kill -9 of the worker while networks are attached', (group) => {
  const missing = missingPrograms()
  group.each.skip(missing !== null, missing ?? '')

  let succession: Succession | undefined
  group.setup(async () => {
    if (missing) return
    const { variables } = await FaultGround.shared()
    succession = await Succession.begin(variables)
  })
  group.teardown(async () => {
    await succession?.end()
  })

  test('of an attachment: one card, its address leased once, wherever it died', async ({
    assert,
  }) => {
    const scenes = await everyPlace('instance.attach_network')
    const attached = await succession!.dieTogether(
      scenes.map((scene) => ({
        at: `${scene.name}: ${scene.place}`,
        order: () => attach(scene),
      }))
    )
    for (const [index, operation] of attached.entries()) {
      const { acme, fake, instance, place } = scenes[index]!
      await ended(operation)
      assert.equal(operation.state, 'succeeded', operation.error ?? place)
      const cards = fake.cards(instance.ref)
      assert.lengthOf(cards, 1, place)
      const rows = await acme.inside(() => Interface.ofInstance(instance))
      const leased = rows.flatMap(({ addresses }) => addresses.map(({ address }) => address))
      assert.deepEqual(
        cards[0]!.addresses.map(({ address }) => address),
        leased,
        place
      )
      assert.lengthOf(leased, 2, place)
      assert.isNotNull(rows[0]!.attachedAt, place)
      assert.equal((await usage(acme.organization.id)).addresses, 3, place)
    }
  })

  test('of a detachment: no card, nothing leased, wherever it died', async ({ assert }) => {
    const scenes = await everyPlace('instance.detach_network')
    for (const scene of scenes) await ended(await attach(scene))
    const detached = await succession!.dieTogether(
      scenes.map((scene) => ({
        at: `${scene.name}: ${scene.place}`,
        order: () => detach(scene),
      }))
    )
    for (const [index, operation] of detached.entries()) {
      const { acme, fake, instance, place } = scenes[index]!
      await ended(operation)
      assert.equal(operation.state, 'succeeded', operation.error ?? place)
      assert.isEmpty(fake.cards(instance.ref), place)
      assert.isEmpty(await acme.inside(() => Interface.ofInstance(instance)), place)
      assert.equal((await usage(acme.organization.id)).addresses, 1, place)
    }
  })
})

/** An instance for each, with a name that no other has: by it the place is known. */
async function everyPlace(
  type: 'instance.attach_network' | 'instance.detach_network'
): Promise<Scene[]> {
  const scenes: Scene[] = []
  for (const [index, place] of placesOf(type).entries()) {
    const made = await world()
    const name = `${type === 'instance.attach_network' ? 'on' : 'off'}-${index}`
    const { instance, operation } = await made.acme.order(name)
    await ended(operation)
    await made.acme.inside(() => instance.refresh())
    await furtherNetwork(made, { families: [4, 6] })
    scenes.push({ ...made, instance, name, place })
  }
  return scenes
}

function attach({ acme, instance }: Scene): Promise<Operation> {
  return acme.inside(async () => {
    await instance.refresh()
    return instance.attachNetwork({ network: { name: 'private' }, by: acme.owner })
  })
}

function detach({ acme, instance }: Scene): Promise<Operation> {
  return acme.inside(async () => {
    const [card] = await Interface.ofInstance(instance)
    return card!.detach(instance, { by: acme.owner })
  })
}
