import { DateTime } from 'luxon'
import { test } from '@japa/runner'
import mail from '@adonisjs/mail/services/main'
import db from '@adonisjs/lucid/services/db'
import { FakeCluster } from '#drivers/fake/cluster'
import TrafficMail from '#mails/traffic_mail'
import Cluster from '#models/cluster'
import Instance from '#models/instance'
import Operation from '#models/operation'
import TrafficMonth, { GIB } from '#models/traffic_month'
import { UsageRound } from '#models/usage_round'
import { forgetOldSamples } from '#models/usage_samples'
import { Tenant } from '#models/concerns/tenant'
import type { OperationType, TrafficAction } from '#models/types'
import { countStatements } from '#tests/support/statements'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, world, type World } from '#tests/support/world'

const MIB = 2 ** 20
const NOON = DateTime.utc(2026, 11, 21, 12)

/** A running instance whose guest does nothing by itself. */
async function scene() {
  const around = await world()
  around.fake.configure({ load: 0 })
  const instance = await around.acme.instance('web-1')
  return { ...around, instance }
}

const round = (cluster: Cluster, minute: number) =>
  Tenant.system('test', () => new UsageRound(cluster, NOON.plus({ minutes: minute })).run())

const samplesOf = (table: string) =>
  db
    .from(table)
    .join('meters', 'meters.id', `${table}.meter_id`)
    .whereNotNull('meters.instance_id')
    .orderBy('at')
    .select(`${table}.*`)

test.group('UsageRound', (group) => {
  group.each.setup(() => emptyDatabase())

  test('counts what was used since the round before, in every line of samples', async ({
    assert,
  }) => {
    const { cluster, fake, instance } = await scene()
    await round(cluster, 0)
    fake.use(instance.ref, { cpuMs: 1_500, receivedBytes: 10 * MIB, sentBytes: 4 * MIB })

    assert.deepInclude(await round(cluster, 1), { outcome: 'counted', instances: 1 })

    const minutes = await samplesOf('usage_minutes')
    assert.deepEqual(
      minutes.map((row) => Number(row.at)),
      [NOON.toSeconds(), NOON.toSeconds() + 60]
    )
    const last = minutes[1]
    assert.equal(Number(last.cpu_ms), 1_500)
    assert.equal(Number(last.received_bytes), 10 * MIB)
    assert.equal(Number(last.sent_bytes), 4 * MIB)
    assert.isAbove(Number(last.memory_mib), 100)
    for (const table of ['usage_fives', 'usage_hours']) {
      const [span, ...others] = await samplesOf(table)
      assert.isEmpty(others)
      assert.equal(Number(span.at), NOON.toSeconds())
      assert.equal(Number(span.readings), 2)
      assert.equal(Number(span.cpu_ms), 1_500)
      assert.equal(Number(span.memory_mib), 2 * Number(last.memory_mib))
    }
  })

  test('a minute is counted once, however often it is asked for', async ({ assert }) => {
    const { cluster, fake, instance } = await scene()
    await round(cluster, 0)
    fake.use(instance.ref, { sentBytes: MIB })
    await round(cluster, 1)

    assert.deepEqual(await round(cluster, 1), { outcome: 'skipped' })
    assert.deepEqual(await round(cluster, 0), { outcome: 'skipped' })
    fake.use(instance.ref, { sentBytes: MIB })
    await round(cluster, 2)

    const month = await TrafficMonth.findByOrFail('instanceId', instance.id)
    assert.equal(month.sentBytes, 2 * MIB)
  })

  test('one that fails while it writes leaves nothing, and the next counts it all', async ({
    assert,
  }) => {
    const { cluster, fake, instance } = await scene()
    await round(cluster, 0)
    fake.use(instance.ref, { sentBytes: MIB })
    await db.rawQuery('alter table traffic_months rename to traffic_months_away')
    await assert.rejects(() => round(cluster, 1))
    await db.rawQuery('alter table traffic_months_away rename to traffic_months')
    assert.lengthOf(await samplesOf('usage_minutes'), 1)

    assert.include(await round(cluster, 1), { outcome: 'counted' })

    const month = await TrafficMonth.findByOrFail('instanceId', instance.id)
    assert.equal(month.sentBytes, MIB)
  })

  test('of two at once, one gives way', async ({ assert }) => {
    const { cluster, fake, instance } = await scene()
    await round(cluster, 0)
    fake.use(instance.ref, { sentBytes: MIB })
    fake.configure({ callMs: 100 })
    const twin = await Cluster.findOrFail(cluster.id)

    const results = await Promise.all([round(cluster, 1), round(twin, 1)])

    assert.sameMembers(
      results.map(({ outcome }) => outcome),
      ['counted', 'skipped']
    )
    const month = await TrafficMonth.findByOrFail('instanceId', instance.id)
    assert.equal(month.sentBytes, MIB)
  })

  test('a round that died is followed by another when its claim has run out', async ({
    assert,
  }) => {
    const { cluster } = await scene()
    await round(cluster, 0)
    const claim = (until: number) => db.from('usage_rounds').update({ claimed_until: until })
    await claim(Date.now() + 60_000)
    assert.deepEqual(await round(cluster, 1), { outcome: 'skipped' })
    await claim(Date.now() - 1)
    assert.include(await round(cluster, 1), { outcome: 'counted' })
  })

  test('a reboot of the guest costs no traffic and doubles none', async ({ assert }) => {
    const { cluster, fake, instance } = await scene()
    await round(cluster, 0)
    fake.use(instance.ref, { receivedBytes: 5 * MIB })
    await round(cluster, 1)
    fake.reboot(instance.ref)
    fake.use(instance.ref, { receivedBytes: 3 * MIB })
    await round(cluster, 2)
    await round(cluster, 3)

    const month = await TrafficMonth.findByOrFail('instanceId', instance.id)
    assert.equal(month.receivedBytes, 8 * MIB)
  })

  test('a gap of hours is counted when the cluster is back, over the time it took', async ({
    assert,
  }) => {
    const { cluster, fake, instance } = await scene()
    await round(cluster, 0)
    fake.goOffline()
    assert.deepEqual(await round(cluster, 1), { outcome: 'failed', errorKind: 'unreachable' })
    fake.comeBack()
    fake.use(instance.ref, { sentBytes: MIB })
    await readEarlier(cluster, 3 * 3_600_000)

    await round(cluster, 180)

    const last = (await samplesOf('usage_minutes')).at(-1)
    assert.equal(Number(last.sent_bytes), MIB)
    assert.isAtLeast(Number(last.seconds), 3 * 3_600)
  })

  test("somebody else's instance of the same name is not measured", async ({ assert }) => {
    const { cluster, fake, instance } = await scene()
    fake.lose(instance.ref)
    fake.add([{ ref: instance.ref, stamp: 'of-another-portal' }])
    await round(cluster, 0)
    assert.isEmpty(await samplesOf('usage_minutes'))
  })

  test('nodes and the cluster have the sum of what is on them', async ({ assert }) => {
    const { cluster, fake, acme, node, instance } = await scene()
    const other = await acme.instance('web-2')
    await round(cluster, 0)
    fake.use(instance.ref, { sentBytes: MIB, cpuMs: 100 })
    fake.use(other.ref, { sentBytes: 2 * MIB, cpuMs: 50 })
    await round(cluster, 1)
    for (const [column, id] of [
      ['node_id', node.id],
      ['cluster_id', cluster.id],
    ] as const) {
      const sum = await db
        .from('usage_minutes')
        .join('meters', 'meters.id', 'meter_id')
        .where(column, id)
        .orderBy('at', 'desc')
        .first()
      assert.equal(Number(sum.sent_bytes), 3 * MIB, column)
      assert.equal(Number(sum.cpu_ms), 150)
    }
  })

  test('the number of statements does not grow with the instances', async ({ assert }) => {
    const { cluster, acme, fake } = await scene()
    await acme.lift()
    await round(cluster, 0)
    const one = await countStatements(() => round(cluster, 1))
    for (let number = 2; number <= 8; number++) await acme.instance(`web-${number}`)
    await round(cluster, 2)
    const calls = fake.count()
    const eight = await countStatements(() => round(cluster, 3))
    assert.equal(calls, 8)
    assert.equal(eight, one)
  })

  test('a cluster that measures nothing is left alone', async ({ assert }) => {
    const { cluster } = await scene()
    cluster.settings = { ...cluster.settings, metrics: false }
    assert.deepEqual(await round(cluster, 0), { outcome: 'skipped' })
    const row = await db.from('usage_rounds').first()
    assert.equal(row.error_kind, 'unsupported')
    assert.isNull(row.claimed_until)
  })

  test('all clusters that answer are counted', async ({ assert }) => {
    const { cluster } = await scene()
    await Cluster.create({
      name: 'silent',
      driver: 'fake',
      endpoint: 'fake:tmp/nowhere.sqlite',
      settings: {},
      status: 'offline',
      maxParallelOperations: 1,
    })
    const results = await Tenant.system('test', () => UsageRound.runAll())
    assert.lengthOf(results, 1)
    assert.equal((await db.from('usage_rounds').firstOrFail()).cluster_id, cluster.id)
  })

  test('old samples are forgotten line by line', async ({ assert }) => {
    const { cluster } = await scene()
    await round(cluster, 0)
    const now = NOON.plus({ hours: 25 }).toMillis()
    await forgetOldSamples(now)
    assert.isEmpty(await samplesOf('usage_minutes'))
    assert.lengthOf(await samplesOf('usage_fives'), 1)
    await forgetOldSamples(NOON.plus({ days: 8 }).toMillis())
    assert.isEmpty(await samplesOf('usage_fives'))
    assert.lengthOf(await samplesOf('usage_hours'), 1)
    await forgetOldSamples(NOON.plus({ days: 400 }).toMillis())
    assert.isEmpty(await samplesOf('usage_hours'))
  })
})

test.group('Traffic of a month', (group) => {
  group.each.setup(async () => {
    await emptyDatabase()
    const { mails } = mail.fake()
    sent = mails
    return () => mail.restore()
  })
  let sent: ReturnType<typeof mail.fake>['mails']

  async function limited(action: TrafficAction) {
    const around = await scene()
    const { instance } = around
    await db
      .from('instances')
      .where('id', instance.id)
      .update({ traffic_gib: 10, traffic_action: action, throttle_mbps: 2 })
    await round(around.cluster, 0)
    return around
  }

  async function use({ fake, cluster, instance }: Limited, gib: number, minute: number) {
    fake.use(instance.ref, { sentBytes: gib * GIB })
    await round(cluster, minute)
  }
  type Limited = Pick<World, 'fake' | 'cluster'> & { instance: Instance }

  test('at 80 % the owner and the admins are told by mail, once', async ({ assert }) => {
    const around = await limited('throttle')
    await use(around, 7.9, 1)
    sent.assertNotQueued(TrafficMail)
    await use(around, 0.25, 2)
    await use(around, 0.25, 3)
    sent.assertQueuedCount(TrafficMail, 2)
    sent.assertQueued(TrafficMail, ({ message }) => {
      return (
        message.hasTo(around.acme.owner.email) &&
        message.hasSubject('web-1 has used 81% of its traffic')
      )
    })
    sent.assertQueued(TrafficMail, ({ message }) => message.hasTo(around.acme.admin.email))
    const month = await TrafficMonth.findByOrFail('instanceId', around.instance.id)
    assert.isNotNull(month.warnedAt)
    assert.isNull(month.exceededAt)
  })

  test('at 100 % it is throttled on its cluster, and at the month’s turn no longer', async ({
    assert,
  }) => {
    const around = await limited('throttle')
    await use(around, 11, 1)
    sent.assertQueued(TrafficMail, ({ message }) =>
      message.hasSubject('web-1 has used up its traffic')
    )
    await settleThrottle(around)
    assert.deepInclude(await remoteSize(around), { ingressMbps: 2, egressMbps: 2 })
    await use(around, 0, 2)
    assert.lengthOf(await throttles(), 1)

    await pretendLastMonth()
    await use(around, 0, 3)
    await settleThrottle(around)

    assert.deepInclude(await remoteSize(around), { ingressMbps: 100, egressMbps: 100 })
    const instance = await reload(around.instance)
    assert.isNull(instance.throttledMbps)
  })

  test('at 100 % it is suspended, and at the month’s turn it runs again', async ({ assert }) => {
    const around = await limited('suspend')
    await use(around, 11, 1)
    await settle('instance.suspend')
    const open = await db.from('suspensions').whereNotNull('open_on')
    assert.deepEqual(
      open.map(({ reason }) => reason),
      ['traffic']
    )
    assert.equal((await reload(around.instance)).powerState, 'stopped')
    await round(around.cluster, 2)
    await round(around.cluster, 3)
    assert.lengthOf(await operationsOf('instance.suspend'), 1)

    await pretendLastMonth()
    await round(around.cluster, 4)
    await settle('instance.unsuspend')

    assert.isEmpty(await db.from('suspensions').whereNotNull('open_on'))
    assert.equal((await reload(around.instance)).powerState, 'running')
  })

  test('a suspension for another reason is left alone', async ({ assert }) => {
    const around = await limited('suspend')
    await around.acme.inside(() => around.instance.suspend('billing', { by: null }))
    await settle('instance.suspend')
    await round(around.cluster, 1)
    await round(around.cluster, 2)
    const open = await db.from('suspensions').whereNotNull('open_on')
    assert.deepEqual(
      open.map(({ reason }) => reason),
      ['billing']
    )
  })

  test('an instance that is busy is throttled at the next count', async ({ assert }) => {
    const around = await limited('throttle')
    const power = await around.acme.inside(() =>
      around.instance.power('restart', around.acme.owner)
    )
    await use(around, 11, 1)
    assert.isEmpty(await throttles())
    await finish(power)
    await use(around, 0, 2)
    assert.lengthOf(await throttles(), 1)
  })

  test('a throttle that the cluster refuses is not asked for again each minute', async ({
    assert,
  }) => {
    const around = await limited('throttle')
    around.fake.refuseNext('resize', { kind: 'unsupported' })
    await use(around, 11, 1)
    await settleThrottle(around)
    await use(around, 0, 2)
    await use(around, 0, 3)
    const [only, ...others] = await throttles()
    assert.isEmpty(others)
    assert.equal(only!.state, 'failed')
  })

  test('without an action it is only told of', async ({ assert }) => {
    const around = await limited('none')
    await use(around, 11, 1)
    assert.isEmpty(await throttles())
    sent.assertQueuedCount(TrafficMail, 2)
  })

  test('staff begin the count anew, and the throttle is lifted', async ({ assert }) => {
    const around = await limited('throttle')
    await use(around, 11, 1)
    await settleThrottle(around)
    const instance = await reload(around.instance)
    const month = await TrafficMonth.findByOrFail('instanceId', instance.id)

    await Tenant.system('test', () => month.waive(instance))

    assert.equal(month.usedBytes, 0)
    assert.equal(month.sentBytes, 11 * GIB)
    await settleThrottle(around)
    assert.deepInclude(await remoteSize(around), { egressMbps: 100 })
    await use(around, 11, 2)
    await settleThrottle(around)
    assert.deepInclude(await remoteSize(around), { egressMbps: 2 })
  })

  test('months are those of the cluster', async ({ assert }) => {
    const around = await limited('none')
    around.cluster.settings = { ...around.cluster.settings, timeZone: 'Pacific/Kiritimati' }
    await around.cluster.save()
    await use(around, 1, 1)
    const months = await TrafficMonth.query()
    assert.deepEqual(
      months.map(({ month }) => month),
      [DateTime.now().setZone('Pacific/Kiritimati').toFormat('yyyy-MM')]
    )
  })
})

/** As if the last reading had been so much earlier. */
async function readEarlier(cluster: Cluster, ms: number) {
  const row = await db.from('meters').whereNotNull('counters').firstOrFail()
  const counters = typeof row.counters === 'string' ? JSON.parse(row.counters) : row.counters
  const startedAt = new Date(Date.parse(counters.startedAt) - 2 * ms).toISOString()
  const moved = { ...counters, readAtMs: counters.readAtMs - ms, startedAt }
  await db
    .from('meters')
    .where('id', row.id)
    .update({ counters: JSON.stringify(moved) })
  const fake = FakeCluster.open(cluster.endpoint)
  const instance = await Tenant.system('test', () => Instance.firstOrFail())
  fake.reboot(instance.ref, Date.parse(startedAt))
  fake.use(instance.ref, { sentBytes: MIB })
  fake.close()
}

async function pretendLastMonth() {
  await db.from('traffic_months').update({ month: '2000-01' })
}

function operationsOf(type: OperationType): Promise<Operation[]> {
  return Tenant.system('test', () => Operation.query().where('type', type).orderBy('id'))
}

const throttles = () => operationsOf('instance.throttle')

async function settle(type: OperationType) {
  const [last] = (await operationsOf(type)).slice(-1)
  await finish(last!)
}

async function settleThrottle({ acme }: Pick<World, 'acme'>) {
  const open = (await throttles()).at(-1)!
  await finish(open)
  return acme
}

async function remoteSize({ cluster, instance }: { cluster: Cluster; instance: Instance }) {
  const driver = await cluster.openDriver()
  const remote = await driver.instances.find(instance.ref).finally(() => driver.close())
  return remote!.size
}

function reload(instance: Instance): Promise<Instance> {
  return Tenant.system('test', () =>
    Instance.query().where('id', instance.id).preload('cluster').firstOrFail()
  )
}
