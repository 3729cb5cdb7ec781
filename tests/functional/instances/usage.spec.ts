import { test } from '@japa/runner'
import testUtils from '@adonisjs/core/services/test_utils'
import db from '@adonisjs/lucid/services/db'
import type Instance from '#models/instance'
import AuditEvent from '#models/audit_event'
import { GIB, monthOf } from '#models/traffic_month'
import { USAGE_RANGES } from '#models/usage_history'
import { UsageRound } from '#models/usage_round'
import { SAMPLE_LINES } from '#models/usage_samples'
import { chunked } from '#models/concerns/sql'
import { Tenant } from '#models/concerns/tenant'
import { world, type World } from '#tests/support/world'

const MINUTE = 60
const MOST_POINTS = 500

/** Every sample that a year leaves behind, up to this minute. */
async function yearOf(instance: Instance) {
  await db.table('meters').insert({ instance_id: instance.id })
  const { id } = await db.from('meters').where('instance_id', instance.id).firstOrFail()
  const now = Math.floor(Date.now() / 60_000) * MINUTE
  for (const { table, step, keep } of SAMPLE_LINES) {
    const last = now - (now % step)
    const rows = Array.from({ length: Math.floor(keep / step) }, (_, index) => ({
      meter_id: id,
      at: last - index * step,
      readings: step / MINUTE,
      seconds: step,
      cpu_ms: step * 250,
      memory_mib: (step / MINUTE) * 128,
      disk_mib: (step / MINUTE) * 2_048,
      received_bytes: step * 1_000,
      sent_bytes: step * 2_000,
    }))
    for (const chunk of chunked(rows)) await db.table(table).multiInsert(chunk)
  }
}

async function useTraffic({ cluster }: World, instance: Instance, gib: number) {
  await db.table('traffic_months').insert({
    instance_id: instance.id,
    month: monthOf(Date.now(), cluster.timeZone),
    received_bytes: GIB,
    sent_bytes: (gib - 1) * GIB,
  })
  await db.from('instances').where('id', instance.id).update({ traffic_gib: 10 })
}

test.group('Usage of an instance', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())

  test('says that nothing was measured, until something is', async ({ client }) => {
    const { acme, cluster, fake } = await world()
    const web = await acme.instance('web-1')
    const path = `${acme.path}/instances/${web.uid}/usage`
    const before = await client.get(path).loginAs(acme.viewer)
    before.assertStatus(200)
    before.assertTextIncludes('Nothing has been measured yet')

    fake.use(web.ref, { cpuMs: 10, sentBytes: 2_000_000 })
    await Tenant.system('test', () => new UsageRound(cluster).run())

    const after = await client.get(path).qs({ range: 'hour' }).loginAs(acme.viewer)
    after.assertTextIncludes('data-chart="cpu"')
    after.assertTextIncludes('of 1 vCPU')
    after.assertTextIncludes('of 512')
  })

  test('{$self}: points within bounds, with the ceiling drawn in')
    .with([...USAGE_RANGES])
    .run(async ({ client, assert }, range) => {
      const { acme } = await world()
      const web = await acme.instance('web-1')
      await yearOf(web)
      const response = await client
        .get(`${acme.path}/instances/${web.uid}/usage/points`)
        .qs({ range })
        .accept('json')
        .loginAs(acme.viewer)
      response.assertStatus(200)
      const { charts } = response.body() as {
        charts: { key: string; times: number[]; lines: { values: number[]; limit?: boolean }[] }[]
      }
      assert.deepEqual(
        charts.map(({ key }) => key),
        ['cpu', 'memory', 'disk', 'network', 'traffic']
      )
      for (const { times, lines } of charts) {
        assert.isAtMost(times.length, MOST_POINTS)
        assert.isAtLeast(times.length, 50)
        assert.deepEqual(
          times,
          times.toSorted((a, b) => a - b)
        )
        assert.lengthOf(new Set(times), times.length)
        for (const { values } of lines) assert.lengthOf(values, times.length)
      }
      const [cpu, memory, disk] = charts
      const middle = Math.floor(cpu!.times.length / 2)
      assert.equal(cpu!.lines[0]!.values[middle], 25)
      assert.equal(memory!.lines[0]!.values[middle], 128)
      assert.equal(disk!.lines[0]!.values[middle], 2)
      for (const { lines } of [cpu!, memory!, disk!]) {
        assert.lengthOf(
          lines.filter(({ limit }) => limit),
          1
        )
      }
      assert.equal(memory!.lines[1]!.values[0], 512)
    })

  test('a gap stays a gap', async ({ client, assert }) => {
    const { acme } = await world()
    const web = await acme.instance('web-1')
    await yearOf(web)
    const until = Math.floor(Date.now() / 1_000)
    await db
      .from('usage_minutes')
      .whereBetween('at', [until - 40 * MINUTE, until - 20 * MINUTE])
      .delete()
    const response = await client
      .get(`${acme.path}/instances/${web.uid}/usage/points`)
      .qs({ range: 'hour' })
      .loginAs(acme.viewer)
    const [cpu] = (response.body() as { charts: { lines: { values: unknown[] }[] }[] }).charts
    assert.isTrue(cpu!.lines[0]!.values.slice(5, -5).includes(null))
  })

  test('the same stands as a table, without a script', async ({ client, assert }) => {
    const { acme } = await world()
    const web = await acme.instance('web-1')
    await yearOf(web)
    const response = await client
      .get(`${acme.path}/instances/${web.uid}/usage`)
      .qs({ range: 'hour', as: 'table' })
      .loginAs(acme.viewer)
    assert.isAtLeast(response.text().match(/<tr>/g)!.length, 59)
    assert.include(response.text(), '25\u00a0%')
    assert.notInclude(response.text(), 'data-chart=')
  })

  test('an unknown range is a day', async ({ client }) => {
    const { acme } = await world()
    const web = await acme.instance('web-1')
    const response = await client
      .get(`${acme.path}/instances/${web.uid}/usage`)
      .qs({ range: "'; drop table", as: 'x' })
      .loginAs(acme.viewer)
    response.assertStatus(200)
    response.assertTextIncludes('href="?range=day" aria-current="true"')
  })

  test('a cluster that measures nothing has no such page', async ({ client, assert }) => {
    const { acme, cluster } = await world()
    const web = await acme.instance('web-1')
    cluster.settings = { ...cluster.settings, metrics: false }
    await cluster.save()
    const response = await client.get(`${acme.path}/instances/${web.uid}`).loginAs(acme.viewer)
    assert.notInclude(response.text(), '/usage"')
  })

  test('the overview has the last hour and the month in short', async ({ client }) => {
    const around = await world()
    const web = await around.acme.instance('web-1')
    await yearOf(web)
    await useTraffic(around, web, 4)
    const response = await client
      .get(`${around.acme.path}/instances/${web.uid}`)
      .loginAs(around.acme.viewer)
    response.assertTextIncludes('<polyline')
    response.assertTextIncludes('Traffic this month')
    response.assertTextIncludes('>40%</progress>')
  })

  test('from 80 % on every page of it warns, in both languages', async ({ client, assert }) => {
    const around = await world()
    const { acme } = around
    const web = await acme.instance('web-1')
    await useTraffic(around, web, 8)
    for (const page of ['', '/usage', '/history']) {
      const response = await client
        .get(`${acme.path}/instances/${web.uid}${page}`)
        .loginAs(acme.viewer)
      response.assertTextIncludes('80% of this month')
    }
    acme.viewer.locale = 'zh-CN'
    await acme.viewer.save()
    const response = await client.get(`${acme.path}/instances/${web.uid}`).loginAs(acme.viewer)
    response.assertTextIncludes('本月流量已使用 80%')
    assert.notInclude(response.text(), '重新计数')
  })

  test('staff begin the count anew; customers have no such button', async ({ client, assert }) => {
    const around = await world()
    const { acme } = around
    const web = await acme.instance('web-1')
    await useTraffic(around, web, 11)
    const own = await client.get(`${acme.path}/instances/${web.uid}/usage`).loginAs(acme.owner)
    assert.notInclude(own.text(), 'Begin the count anew')
    const operator = await around.staff('operator')
    const page = await client.get(`/admin/instances/${web.uid}/usage`).loginAs(operator)
    page.assertTextIncludes('Begin the count anew')

    const response = await client
      .post(`/admin/instances/${web.uid}/traffic_reset`)
      .loginAs(operator)
      .withCsrfToken()
      .redirects(0)
    response.assertStatus(302)

    const month = await db.from('traffic_months').firstOrFail()
    assert.equal(Number(month.waived_bytes), 11 * GIB)
    const event = await Tenant.system('test', () =>
      AuditEvent.query().where('action', 'instance.traffic_reset').firstOrFail()
    )
    assert.isTrue(Boolean(event.asStaff))
  })
})

test.group('Usage of a cluster', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())

  test('staff see the whole and each node', async ({ client, assert }) => {
    const { acme, cluster, node, fake, staff } = await world()
    const web = await acme.instance('web-1')
    fake.use(web.ref, { sentBytes: 3_000_000 })
    await Tenant.system('test', () => new UsageRound(cluster).run())
    const viewer = await staff('viewer')
    const page = await client.get(`/admin/clusters/${cluster.uid}/usage`).loginAs(viewer)
    page.assertStatus(200)
    page.assertTextIncludes('data-chart="network"')
    page.assertTextIncludes('of 64 vCPU')
    page.assertTextIncludes('1 instance in')
    const points = await client
      .get(`/admin/clusters/${cluster.uid}/usage/points`)
      .qs({ range: 'hour', node: node.uid })
      .loginAs(viewer)
    points.assertStatus(200)
    assert.lengthOf((points.body() as { charts: unknown[] }).charts, 5)
  })
})
