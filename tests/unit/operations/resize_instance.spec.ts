import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import type Instance from '#models/instance'
import Plan from '#models/plan'
import { usage } from '#tests/support/steps'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, world, type World } from '#tests/support/world'
import { operationConformance } from '#tests/unit/operations/conformance'

type Scene = World & { instance: Instance; larger: Plan }

const LARGER = {
  kind: 'container',
  cpus: 2,
  memoryMib: 1_024,
  diskGib: 20,
  ingressMbps: 200,
  egressMbps: null,
  trafficGib: 500,
  trafficAction: 'suspend',
  throttleMbps: 3,
  snapshotLimit: 7,
  portForwardLimit: 9,
  position: 2,
} as const

test.group('Resize of an instance', (group) => {
  operationConformance<Scene>(group, {
    type: 'instance.resize',
    scene: readyInstance,
    open: ({ acme, instance, larger }) =>
      acme.inside(() => instance.resize({ plan: larger, by: acme.owner })),
    async done({ acme, instance, larger, ...scene }, assert) {
      await acme.inside(() => instance.refresh())
      const { name, position, ...facts } = { ...LARGER, name: larger.name }
      assert.deepInclude(instance.serialize(), facts)
      assert.equal(instance.planId, larger.id)
      assert.deepEqual(await remoteSize({ ...scene, instance }), instance.size)
      await assertHeld(assert, acme.organization.id, instance)
    },
    async undone({ acme, instance, plan, ...scene }, assert) {
      await acme.inside(() => instance.refresh())
      assert.equal(instance.planId, plan.id)
      assert.equal(instance.portForwardLimit, plan.portForwardLimit)
      // A disk only grows.
      assert.deepInclude(instance.size, { cpus: 1, memoryMib: 512, diskGib: 20 })
      assert.deepEqual(await remoteSize({ ...scene, instance }), instance.size)
      await assertHeld(assert, acme.organization.id, instance)
    },
  })
})

test.group('Resizing', (group) => {
  group.each.teardown(emptyDatabase)

  test('what it grows by is taken from the quota and its node at once', async ({ assert }) => {
    const { acme, instance, larger } = await readyInstance()
    const operation = await acme.inside(() => instance.resize({ plan: larger, by: acme.owner }))
    assert.containsSubset(await usage(acme.organization.id), {
      cpus: 2,
      memory_mib: 1_024,
      disk_gib: 20,
    })
    await acme.inside(() => operation.cancel(acme.owner))
    await finish(operation)
    assert.equal(operation.state, 'cancelled')
    await acme.inside(() => instance.refresh())
    assert.deepInclude(instance.size, { cpus: 1, memoryMib: 512, diskGib: 10 })
    await assertHeld(assert, acme.organization.id, instance)
  })

  test('what it shrinks by is given back when it has shrunk', async ({ assert }) => {
    const { acme, instance, larger, plan } = await readyInstance()
    await finish(await acme.inside(() => instance.resize({ plan: larger, by: acme.owner })))
    const smaller = await Plan.create({ ...LARGER, name: 'less', cpus: 1, memoryMib: 256 })
    const operation = await acme.inside(() => instance.resize({ plan: smaller, by: acme.owner }))
    assert.equal((await usage(acme.organization.id)).memory_mib, 1_024)
    await finish(operation)
    await acme.inside(() => instance.refresh())
    await assertHeld(assert, acme.organization.id, instance)
    assert.equal(instance.memoryMib, 256)
    await assert.rejects(
      () => acme.inside(() => instance.resize({ plan, by: acme.owner })),
      'E_DISK_CANNOT_SHRINK'
    )
  })

  test('beyond the quota, beyond its node, to what it has and to another kind it is refused, and nothing is taken', async ({
    assert,
  }) => {
    const { acme, instance, larger, plan } = await readyInstance()
    const refused = (to: Plan, code: string) =>
      assert.rejects(() => acme.inside(() => instance.resize({ plan: to, by: acme.owner })), code)
    const ofMemory = db.from('quotas').where('resource', 'memory_mib')
    await ofMemory.clone().update({ maximum: 1_000 })
    await refused(larger, 'E_QUOTA_EXCEEDED')
    await ofMemory.clone().update({ maximum: null })
    await db.from('nodes').update({ memory_mib: 600 })
    await refused(larger, 'E_NO_CAPACITY')
    await refused(await plan.refresh(), 'E_NOT_POSSIBLE_NOW')
    const machine = await Plan.create({ ...LARGER, name: 'vm', kind: 'virtual-machine' })
    await refused(machine, 'E_PLAN_NOT_OFFERED')
    await acme.inside(() => instance.refresh())
    await assertHeld(assert, acme.organization.id, instance)
    assert.isEmpty(await db.from('operations').whereNotNull('open_on'))
  })

  test('one that is throttled keeps what is left of its bandwidth', async ({ assert }) => {
    const { acme, instance, larger, ...rest } = await readyInstance()
    await finish(await acme.inside(() => instance.throttle(2, 'for the test')))
    await acme.inside(() => instance.refresh())
    await finish(await acme.inside(() => instance.resize({ plan: larger, by: acme.owner })))
    assert.deepInclude(await remoteSize({ ...rest, instance }), { ingressMbps: 2, egressMbps: 2 })
  })
})

async function readyInstance(): Promise<Scene> {
  const found = await world()
  const larger = await Plan.create({ ...LARGER, name: 'large' })
  return { ...found, larger, instance: await found.acme.instance('web-1') }
}

async function remoteSize({ cluster, instance }: Pick<Scene, 'cluster' | 'instance'>) {
  const driver = await cluster.openDriver()
  const remote = await driver.instances.find(instance.ref).finally(() => driver.close())
  return remote!.size
}

async function assertHeld(
  assert: { containsSubset: (actual: object, wanted: object) => void },
  organizationId: number,
  { cpus, memoryMib, diskGib }: Instance
) {
  assert.containsSubset(await usage(organizationId), {
    cpus,
    memory_mib: memoryMib,
    disk_gib: diskGib,
  })
}
