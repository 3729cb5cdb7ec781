import { test } from '@japa/runner'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { DateTime } from 'luxon'
import app from '@adonisjs/core/services/app'
import db from '@adonisjs/lucid/services/db'
import { register } from '#services/metrics'
import { answerProbe } from '#services/probes'
import { startProbeServer } from '#services/probe_server'
import { runOnce } from '#tests/support/steps'
import { emptyDatabase } from '#tests/support/test_database'
import { fakeCluster, world } from '#tests/support/world'

const LOCAL = { authorization: undefined, peer: '127.0.0.1', isForwarded: false }

test.group('Probes', (group) => {
  group.each.teardown(emptyDatabase)

  test('a process that answers is alive', async ({ client }) => {
    const response = await client.get('/health/live')
    response.assertStatus(200)
    response.assertBody({ status: 'live' })
    response.assertHeader('cache-control', 'no-store')
  })

  test('ready says what it asked, and nothing about where it is', async ({ client, assert }) => {
    const response = await client.get('/health/ready')
    const { status, checks } = response.body()
    assert.equal(checks.database, 'ok')
    assert.equal(checks.migrations, 'ok')
    assert.equal(response.status(), checks.redis === 'ok' ? 200 : 503)
    assert.equal(status, checks.redis === 'ok' ? 'ready' : 'not_ready')
    assert.notMatch(response.text(), /127\.0\.0\.1|portico_|password|sqlite/i)
  })

  test('the summary can be read also when something is wrong', async ({ client, assert }) => {
    const response = await client.get('/health')
    response.assertStatus(200)
    assert.properties(response.body(), ['status', 'uptimeSeconds', 'checks'])
  })

  test('metrics tell requests by their route, not by what was typed', async ({
    client,
    assert,
  }) => {
    await client.get('/')
    await client.get('/no-such-page/with-a-secret')
    const response = await client.get('/metrics')
    response.assertStatus(200)
    const text = response.text()
    assert.include(text, 'portico_http_request_duration_seconds_count{method="GET",route="/"')
    assert.include(text, 'route="none",status="404"')
    assert.notInclude(text, 'with-a-secret')
    assert.include(text, 'process_resident_memory_bytes')
  })

  test('metrics tell operations, the queue and calls to clusters', async ({ client, assert }) => {
    const { acme, cluster, fake } = await world()
    await runOnce((await acme.order('done')).operation)
    fake.failNext('create')
    await runOnce((await acme.order('failed')).operation)
    const { operation } = await acme.order('old')
    await db
      .from('operations')
      .where('id', operation.id)
      .update({ created_at: '2026-01-01 00:00:00' })

    const lost = await fakeCluster()
    await lost.cluster.merge({ offlineSince: DateTime.utc().minus({ hours: 2 }) }).save()

    const text = (await client.get('/metrics')).text()
    const value = (line: string) => Number(text.split(`\n${line} `)[1]?.split('\n')[0])
    assert.equal(value('portico_operations_open{state="queued"}'), 1)
    assert.equal(value('portico_operations_open{state="needs_attention"}'), 0)
    assert.isAbove(value('portico_operation_oldest_age_seconds{state="queued"}'), 3_600)
    assert.equal(value('portico_operation_oldest_age_seconds{state="running"}'), 0)
    const ended = 'portico_operations_ended_total{type="instance.create",ending='
    assert.isAtLeast(value(`${ended}"succeeded"}`), 1)
    assert.isAtLeast(value(`${ended}"failed"}`), 1)
    const call = `cluster="${cluster.uid}",driver="fake",call="create"`
    assert.equal(value(`portico_cluster_call_duration_seconds_count{${call}}`), 2)
    assert.equal(value('portico_metrics_unreadable{source="database"}'), 0)
    assert.equal(value(`portico_cluster_offline_seconds{cluster="${cluster.uid}"}`), 0)
    const offline = `portico_cluster_offline_seconds{cluster="${lost.cluster.uid}"}`
    assert.isAbove(value(offline), 7_000)
  })

  test('the guide tells each metric with its type and labels, and asks for no other', async ({
    assert,
  }) => {
    const guide = await readFile(app.makePath('docs/guides/observe.md'), 'utf8')
    const all = await register.getMetricsAsJSON()
    const types = new Map(all.map(({ name, type }) => [name, String(type)]))
    const ours = register.getMetricsAsArray().filter(({ name }) => name.startsWith('portico_'))
    for (const metric of ours) {
      const type = types.get(metric.name)
      const { labelNames } = metric as unknown as { labelNames: string[] }
      const labels = labelNames.map((label) => `\`${label}\``).join(' ')
      assert.include(guide, `| \`${metric.name}\` | ${type} | ${labels} |`)
    }
    const asked = [...guide.matchAll(/\b(?:portico|process|nodejs)_[a-z0-9_]+/g)].map(([name]) =>
      name.replace(/_(bucket|sum|count)$/, '')
    )
    assert.includeMembers([...types.keys()], asked)
  })

  test('metrics are for this machine only, and not for what a proxy passes on', async ({
    assert,
  }) => {
    const ask = (fields: object) => answerProbe({ path: '/metrics', ...LOCAL, ...fields })
    assert.equal((await ask({}))?.status, 200)
    assert.equal((await ask({ peer: '::1' }))?.status, 200)
    assert.equal((await ask({ peer: '::ffff:127.0.0.1' }))?.status, 200)
    assert.equal((await ask({ peer: '10.0.0.7' }))?.status, 404)
    assert.equal((await ask({ peer: undefined }))?.status, 404)
    assert.equal((await ask({ isForwarded: true }))?.status, 404)
  })

  test('what is no probe goes on to the pages', async ({ assert }) => {
    assert.isNull(await answerProbe({ path: '/', ...LOCAL }))
    assert.isNull(await answerProbe({ path: '/health/other', ...LOCAL }))
  })

  test('a worker answers probes on a port of its own, and nothing else', async ({
    assert,
    cleanup,
  }) => {
    const port = await freePort()
    const server = await startProbeServer(port, '127.0.0.1')
    cleanup(() => void server.close())
    const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`)
    assert.deepEqual(await (await ask('/health/live?x=1')).json(), { status: 'live' })
    assert.include(await (await ask('/metrics')).text(), 'portico_queue_jobs')
    assert.equal((await ask('/')).status, 404)
  })
})

test.group('Requests', () => {
  test('carry an id that comes back', async ({ client, assert }) => {
    const response = await client.get('/')
    assert.match(response.header('x-request-id') ?? '', /^[\w-]{8,64}$/)
  })

  test('keep the id they were given, when it is one', async ({ client, assert }) => {
    const id = (given: string) => client.get('/').header('x-request-id', given)
    assert.equal((await id('from-the-balancer-1')).header('x-request-id'), 'from-the-balancer-1')
    assert.notEqual((await id('no')).header('x-request-id'), 'no')
    assert.notEqual((await id('a'.repeat(65))).header('x-request-id'), 'a'.repeat(65))
    assert.notInclude((await id('{"level":50} x')).header('x-request-id') ?? '', '{')
  })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
