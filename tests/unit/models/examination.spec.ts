import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import type { FakeOptions } from '#drivers/fake/options'
import type Cluster from '#models/cluster'
import DoctorCheck from '#models/doctor_check'
import { Examination } from '#models/examination'
import { Tenant } from '#models/concerns/tenant'
import { compare, finding } from '#tests/support/drift'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, portPool, world, type World } from '#tests/support/world'

/** What the doctor says after one more examination, without what is in order. */
async function complaints(cluster: Cluster): Promise<string[]> {
  await Tenant.system('test', () => new Examination(cluster).run())
  const checks = await DoctorCheck.ofCluster(cluster)
  return checks.filter(({ state }) => state !== 'ok').map(({ saying }) => saying)
}

/** A cluster with a running instance of the provider's, in which may be looked around. */
async function wellStage(): Promise<World> {
  const scene = await world()
  scene.fake.add([
    {
      ref: 'by-hand',
      addresses: [{ family: 4, address: '10.99.0.50', prefixLength: 24, gateway: '10.99.0.1' }],
    },
  ])
  await scene.cluster.sync()
  await compare(scene.cluster)
  const operation = await (await finding(scene.cluster, 'stranger')).adopt(await scene.staff())
  await finish(operation!)
  await compare(scene.cluster)
  return scene
}

test.group('Doctor', (group) => {
  group.each.setup(() => emptyDatabase())

  test('has nothing to say of a cluster that is well', async ({ assert }) => {
    const { cluster } = await wellStage()
    assert.deepEqual(await complaints(cluster), [])
    const checks = await DoctorCheck.ofCluster(cluster)
    assert.includeMembers(
      checks.map(({ saying }) => saying),
      ['reachable_ok', 'storage_ok', 'network_ok', 'outside_ok', 'ip_forward_ok_guest']
    )
  })

  test('tells that {$self}')
    .with([
      ['gatewayLost', ['ip_forward_unknown', 'forward_policy_unknown', 'gateway_fail']],
      ['namesLost', ['names_fail']],
      ['outsideLost', ['ip_forward_warn', 'forward_policy_warn_guest', 'outside_fail']],
      ['networksDown', ['network_fail_down']],
      ['warnings', ['warnings_warn']],
    ] as const)
    .run(async ({ assert }, [option, expected]) => {
      const { cluster, fake } = await wellStage()
      const options: Partial<FakeOptions> = { [option]: 1 }
      if (option === 'gatewayLost') options.outsideLost = 1
      fake.configure(options)
      const said = await complaints(cluster)
      assert.includeMembers(said, [...expected])
    })

  test('a silent cluster fails one check, and leaves open what only it could tell', async ({
    assert,
  }) => {
    const { cluster, fake } = await wellStage()
    fake.goOffline()
    const said = await complaints(cluster)
    assert.include(said, 'reachable_fail')
    assert.includeMembers(said, ['storage_unknown', 'network_unknown', 'gateway_unknown'])
  })

  test('sees a node that is down, images that are gone, pools that are empty', async ({
    assert,
  }) => {
    const { acme, cluster, fake, image, pool } = await wellStage()
    await acme.instance('web-1')
    fake.setNodeOnline('node-1', false)
    await image.merge({ missingSince: image.syncedAt }).save()
    const { address_key: key } = await db
      .from('addresses')
      .where('address_pool_id', pool.id)
      .orderBy('address_key')
      .first()
    await db.from('address_ranges').update({ first_key: key, last_key: key })
    assert.includeMembers(await complaints(cluster), [
      'nodes_fail',
      'images_fail',
      'addresses_fail',
    ])
  })

  test('counts forwards that lead nowhere, and drift', async ({ assert }) => {
    const { acme, cluster, fake } = await wellStage()
    await portPool(cluster)
    const web = await acme.instance('web-1')
    await db.from('port_forwards').update({ missing_since: '2026-01-01 00:00:00' })
    fake.turn(web.ref, 'stopped')
    await db.from('port_forwards').update({ missing_since: '2026-01-01 00:00:00' })
    assert.include(await complaints(cluster), 'forwards_fail')
    await compare(cluster)
    assert.include(await complaints(cluster), 'drift_warn')
  })

  test('remembers since when something is as it is', async ({ assert }) => {
    const { cluster, fake } = await wellStage()
    fake.configure({ warnings: 1 })
    await complaints(cluster)
    await db.from('doctor_checks').update({ since: '2026-01-01 00:00:00' })
    await complaints(cluster)
    const lasting = await DoctorCheck.findByOrFail('name', 'warnings')
    assert.equal(lasting.since.toUTC().toISODate(), '2026-01-01')
    fake.configure({ warnings: 0 })
    await complaints(cluster)
    const fresh = await DoctorCheck.findByOrFail('name', 'warnings')
    assert.notEqual(fresh.since.toUTC().toISODate(), '2026-01-01')
  })

  test('examines what is due and what was asked for, and nothing twice', async ({ assert }) => {
    const { cluster } = await world()
    const due = () => Tenant.system('test', () => Examination.runDue())
    assert.equal(await due(), 1)
    assert.equal(await due(), 0)
    await Examination.ask(cluster)
    const progress = await Examination.progressOf(cluster)
    assert.isTrue(progress!.isRunning)
    assert.equal(await due(), 1)
    const ended = await Examination.progressOf(cluster)
    assert.isFalse(ended!.isRunning)
    assert.equal(ended!.done, ended!.total)
  })
})
