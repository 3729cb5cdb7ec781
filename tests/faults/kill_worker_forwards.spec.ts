import { test } from '@japa/runner'
import { operations } from '#operations/index'
import type Instance from '#models/instance'
import PortForward from '#models/port_forward'
import { Succession } from '#tests/support/crash'
import { FaultGround, missingPrograms } from '#tests/support/fault_ground'
import { ended, usage } from '#tests/support/steps'
import { portPool, world, type TestTenant } from '#tests/support/world'

const around = (work: string) => [`${work} before`, `${work} after`]

const placesOf = (type: 'port_forward.create' | 'port_forward.delete') => [
  ...operations[type].steps.flatMap(({ name }) => around(`run ${name}`)),
  ...around('close'),
]

test.group('kill -9 of the worker while ports are forwarded', (group) => {
  const missing = missingPrograms()
  group.each.skip(missing !== null, missing ?? '')

  let succession: Succession | undefined
  // All of them share one public address.
  let lastPort = 20_080
  group.setup(async () => {
    if (missing) return
    const { variables } = await FaultGround.shared()
    succession = await Succession.begin(variables)
  })
  group.teardown(async () => {
    await succession?.end()
  })

  test('of a create with a port to SSH: it is carried and held once, wherever it died', async ({
    assert,
  }) => {
    const places = ['run reserve_port', 'run forward'].flatMap(around)
    const worlds = await everyPlace(places, async () => {
      const made = await world()
      // Apart from the ports that the others are given by number: these may be any.
      await portPool(made.cluster, { ports: '21000-21999' })
      return made
    })
    const created = await succession!.dieTogether(
      worlds.map(({ acme, name, place }) => ({
        at: `${name}: ${place}`,
        order: () => acme.order(name),
      }))
    )
    for (const [index, { operation, instance }] of created.entries()) {
      const { acme, fake, place } = worlds[index]!
      await ended(operation)
      assert.equal(operation.state, 'succeeded', operation.error ?? place)
      const forwards = await acme.inside(() => PortForward.ofInstance(instance))
      assert.lengthOf(forwards, 1, place)
      assert.equal(fake.countForwards(), 1, place)
      const { firstPort, address } = forwards[0]!
      assert.equal(fake.reach(address, 'tcp', firstPort), `${instance.ref}:22`, place)
    }
  })

  test('of port forwards: all of them carried, and held once, wherever it died', async ({
    assert,
  }) => {
    const worlds = await everyPlace(placesOf('port_forward.create'), readyInstance)
    const ordered = await succession!.dieTogether(
      worlds.map(({ acme, instance, name, place, port }) => ({
        at: `${name}: ${place}`,
        order: () => forwardTwo(acme, instance, port),
      }))
    )
    for (const [index, { operation }] of ordered.entries()) {
      const { acme, fake, instance, place, port } = worlds[index]!
      await ended(operation)
      assert.equal(operation.state, 'succeeded', operation.error ?? place)
      assert.equal(fake.countForwards(), 2, place)
      assert.equal(fake.reach('203.0.113.7', 'udp', port), `${instance.ref}:80`, place)
      assert.equal((await usage(acme.organization.id)).port_forwards, 2, place)
    }
  })

  test('of their removal: none carried, nothing held, wherever it died', async ({ assert }) => {
    const worlds = await everyPlace(placesOf('port_forward.delete'), readyInstance)
    const forwarded: PortForward[][] = []
    for (const { acme, instance, port } of worlds) {
      const { operation, forwards } = await forwardTwo(acme, instance, port)
      await ended(operation)
      forwarded.push(forwards)
    }
    const removals = await succession!.dieTogether(
      worlds.map(({ acme, instance, name, place }, index) => ({
        at: `${name}: ${place}`,
        order: () => acme.inside(() => instance.unforward(forwarded[index]!, acme.owner)),
      }))
    )
    for (const [index, operation] of removals.entries()) {
      const { acme, fake, place } = worlds[index]!
      await ended(operation)
      assert.equal(operation.state, 'succeeded', operation.error ?? place)
      assert.equal(fake.countForwards(), 0, place)
      assert.equal((await usage(acme.organization.id)).port_forwards, 0, place)
    }
  })

  /** A world for each, whose instance has a name and a port that no other has: they share one public address. */
  async function everyPlace<World>(places: string[], make: (name: string) => Promise<World>) {
    const worlds = []
    for (const place of places) {
      const port = (lastPort += 1)
      const name = `web-${port}`
      worlds.push({ ...(await make(name)), name, place, port })
    }
    return worlds
  }
})

/** An instance in front of which ports may be forwarded. */
async function readyInstance(name: string) {
  const scene = await world()
  const { instance, operation } = await scene.acme.order(name)
  await ended(operation)
  await scene.acme.inside(() => instance.refresh())
  await portPool(scene.cluster)
  return { ...scene, instance }
}

function forwardTwo(acme: TestTenant, instance: Instance, port: number) {
  return acme.inside(() => instance.forward({ protocol: 'both', targetPort: 80, port }, acme.owner))
}
