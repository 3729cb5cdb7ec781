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
  let port = 20_080
  group.setup(async () => {
    if (missing) return
    const { variables } = await FaultGround.shared()
    succession = await Succession.begin(variables)
  })
  group.teardown(async () => {
    await succession?.end()
  })

  test('of a create with a port to SSH, at "{$self}": it is carried and held once')
    .with(['run reserve_port', 'run forward'].flatMap(around))
    .run(async ({ assert }, place) => {
      const { acme, fake, cluster } = await world()
      await portPool(cluster)
      const { operation, instance } = await succession!.dieAt(`web-1: ${place}`, () =>
        acme.order('web-1')
      )
      await ended(operation)
      assert.equal(operation.state, 'succeeded', operation.error ?? '')
      const forwards = await acme.inside(() => PortForward.ofInstance(instance))
      assert.lengthOf(forwards, 1)
      assert.equal(fake.countForwards(), 1)
      assert.equal(fake.reach('203.0.113.7', 'tcp', forwards[0]!.firstPort), `${instance.ref}:22`)
    })

  test('of port forwards, at "{$self}": all of them carried, and held once')
    .with(placesOf('port_forward.create'))
    .run(async ({ assert }, place) => {
      const { acme, fake, instance } = await readyInstance()
      const { operation } = await succession!.dieAt(`web-1: ${place}`, () =>
        forwardTwo(acme, instance, (port += 1))
      )
      await ended(operation)
      assert.equal(operation.state, 'succeeded', operation.error ?? '')
      assert.equal(fake.countForwards(), 2)
      assert.equal(fake.reach('203.0.113.7', 'udp', port), `${instance.ref}:80`)
      assert.equal((await usage(acme.organization.id)).port_forwards, 2)
    })

  test('of their removal, at "{$self}": none carried, nothing held')
    .with(placesOf('port_forward.delete'))
    .run(async ({ assert }, place) => {
      const { acme, fake, instance } = await readyInstance()
      const { operation: create, forwards } = await forwardTwo(acme, instance, (port += 1))
      await ended(create)
      const operation = await succession!.dieAt(`web-1: ${place}`, () =>
        acme.inside(() => instance.unforward(forwards, acme.owner))
      )
      await ended(operation)
      assert.equal(operation.state, 'succeeded', operation.error ?? '')
      assert.equal(fake.countForwards(), 0)
      assert.equal((await usage(acme.organization.id)).port_forwards, 0)
    })
})

/** An instance in front of which ports may be forwarded. */
async function readyInstance() {
  const scene = await world()
  const { instance, operation } = await scene.acme.order('web-1')
  await ended(operation)
  await scene.acme.inside(() => instance.refresh())
  await portPool(scene.cluster)
  return { ...scene, instance }
}

function forwardTwo(acme: TestTenant, instance: Instance, port: number) {
  return acme.inside(() => instance.forward({ protocol: 'both', targetPort: 80, port }, acme.owner))
}
