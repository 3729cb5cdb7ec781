import { test } from '@japa/runner'
import type { Assert } from '@japa/assert'
import { operations } from '#operations/index'
import type Instance from '#models/instance'
import type Operation from '#models/operation'
import PortForward from '#models/port_forward'
import { Tenant } from '#models/concerns/tenant'
import { FaultGround, missingPrograms } from '#tests/support/fault_ground'
import { Process, until } from '#tests/support/processes'
import { holdings, reread, usage } from '#tests/support/steps'
import { finish, portPool, ROOT_PASSWORD, world, type TestTenant } from '#tests/support/world'

const CRASHING_WORKER = [
  process.execPath,
  '--import=@poppinss/ts-exec',
  '--enable-source-maps',
  'tests/support/crashing_worker.ts',
]

const steps = operations['instance.create'].steps
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

const placesOf = (type: 'port_forward.create' | 'port_forward.delete') => [
  ...operations[type].steps.flatMap(({ name }) => around(`run ${name}`)),
  ...around('close'),
]

test.group('kill -9 of the worker', (group) => {
  const missing = missingPrograms()
  group.each.skip(missing !== null, missing ?? '')
  group.setup(async () => {
    if (!missing) await FaultGround.shared()
  })
  group.teardown(async () => {
    await worker?.die()
  })

  test('of a create, at "{$self}": one instance, all of it held once')
    .with(CREATE)
    .run(async ({ assert }, place) => {
      const { acme, fake } = await world()
      const { operation, instance } = await survive(`web-1: ${place}`, () => acme.order('web-1'))
      assert.equal(operation.state, 'succeeded', operation.error ?? '')
      assert.equal(fake.count(), 1)
      assert.isTrue(fake.isRootPassword(instance.ref, ROOT_PASSWORD))
      assert.deepEqual(await holdings(instance.id), { addresses: 1, quotas: 5, secrets: 1 })
      await assertUsage(assert, acme.organization.id, 1)
    })

  test('while a create is taken back, at "{$self}": no instance, nothing held')
    .with(UNDO)
    .run(async ({ assert }, place) => {
      const { acme, fake } = await world()
      fake.refuseNext('set_root_password', { kind: 'invalid' })
      const { operation, instance } = await survive(`web-1: ${place}`, () => acme.order('web-1'))
      assert.equal(operation.state, 'failed')
      assert.equal(operation.failedStep, 'set_credentials')
      assert.equal(fake.count(), 0)
      // The password stays for another try, at most a day.
      assert.deepEqual(await holdings(instance.id), { addresses: 0, quotas: 0, secrets: 1 })
      await assertUsage(assert, acme.organization.id, 0)
    })

  test('of a delete, at "{$self}": no instance, nothing held, no password')
    .with(DELETE)
    .run(async ({ assert }, place) => {
      const { acme, fake } = await world()
      // A worker stands by already: it or we run the create, and only its end counts.
      const { instance, operation: create } = await acme.order('web-1')
      await finish(create)
      await until('web-1 was created', async () => (await reread(create)).isFinal)
      const { operation } = await survive(`web-1: ${place}`, async () => ({
        operation: await acme.inside(() => instance.destroy(acme.owner)),
      }))
      assert.equal(operation.state, 'succeeded', operation.error ?? '')
      assert.equal(fake.count(), 0)
      assert.deepEqual(await holdings(instance.id), { addresses: 0, quotas: 0, secrets: 0 })
      await assertUsage(assert, acme.organization.id, 0)
    })

  test('of a create with a port to SSH, at "{$self}": it is carried and held once')
    .with(['run reserve_port', 'run forward'].flatMap(around))
    .run(async ({ assert }, place) => {
      const { acme, fake, cluster } = await world()
      const { address } = await portPool(cluster, { address: publicAddress() })
      const { operation, instance } = await survive(`web-1: ${place}`, () => acme.order('web-1'))
      assert.equal(operation.state, 'succeeded', operation.error ?? '')
      const forwards = await acme.inside(() => PortForward.ofInstance(instance))
      assert.lengthOf(forwards, 1)
      assert.equal(fake.countForwards(), 1)
      assert.equal(fake.reach(address, 'tcp', forwards[0]!.firstPort), `${instance.ref}:22`)
    })

  test('of port forwards, at "{$self}": all of them carried, and held once')
    .with(placesOf('port_forward.create'))
    .run(async ({ assert }, place) => {
      const { acme, fake, instance, address } = await readyInstance()
      const { operation } = await survive(`web-1: ${place}`, () => forwardTwo(acme, instance))
      assert.equal(operation.state, 'succeeded', operation.error ?? '')
      assert.equal(fake.countForwards(), 2)
      assert.equal(fake.reach(address, 'udp', 20_080), `${instance.ref}:80`)
      assert.equal((await usage(acme.organization.id)).port_forwards, 2)
    })

  test('of their removal, at "{$self}": none carried, nothing held')
    .with(placesOf('port_forward.delete'))
    .run(async ({ assert }, place) => {
      const { acme, fake, instance } = await readyInstance()
      const { operation: create, forwards } = await forwardTwo(acme, instance)
      await finish(create)
      await until('they are carried', async () => (await reread(create)).isFinal)
      const { operation } = await survive(`web-1: ${place}`, async () => ({
        operation: await acme.inside(() => instance.unforward(forwards, acme.owner)),
      }))
      assert.equal(operation.state, 'succeeded', operation.error ?? '')
      assert.equal(fake.countForwards(), 0)
      assert.equal((await usage(acme.organization.id)).port_forwards, 0)
    })
})

/** An instance in front of which ports may be forwarded. */
async function readyInstance() {
  const scene = await world()
  const { instance, operation } = await scene.acme.order('web-1')
  await finish(operation)
  await until('web-1 was created', async () => (await reread(operation)).isFinal)
  await scene.acme.inside(() => instance.refresh())
  const { address } = await portPool(scene.cluster, { address: publicAddress() })
  return { ...scene, instance, address }
}

let addresses = 0

/** Of its own for every world: they share a database, and a public port is there once. */
function publicAddress(): string {
  addresses += 1
  return `203.0.113.${addresses}`
}

function forwardTwo(acme: TestTenant, instance: Instance) {
  return acme.inside(() =>
    instance.forward({ protocol: 'both', targetPort: 80, port: 20_080 }, acme.owner)
  )
}

/** The one that works. */
let worker: Process | null = null

async function standBy(): Promise<Process> {
  const { variables } = await FaultGround.shared()
  const process = Process.start('worker', CRASHING_WORKER, variables)
  await process.message()
  return process
}

/** The worker takes the order and dies at the place; its heir finds what it left and brings it to an end. */
async function survive<Ordered extends { operation: Operation }>(
  place: string,
  order: () => Promise<Ordered>
): Promise<Ordered> {
  if (!worker) {
    worker = await standBy()
    worker.send('go')
    await worker.says('is running')
  }
  const victim = worker
  const standing = standBy()
  victim.send(place)
  await victim.message()

  const ordered = await Tenant.none(order)
  const { signal } = await victim.ended
  if (signal !== 'SIGKILL') throw new Error(`nobody died at ${place}:\n${victim.output}`)
  worker = await standing
  worker.send('go')
  await until(`the operation that was left at ${place} is over`, async () => {
    const operation = await reread(ordered.operation)
    return operation.isFinal || operation.state === 'needs_attention'
  })
  return ordered
}

async function assertUsage(assert: Assert, organizationId: number, instances: number) {
  const used = await usage(organizationId)
  assert.containsSubset(used, {
    instances,
    cpus: instances,
    memory_mib: instances * 512,
    disk_gib: instances * 10,
    addresses: instances,
  })
}
