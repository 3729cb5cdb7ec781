import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { default as addFormats } from 'ajv-formats'
import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'
import db from '@adonisjs/lucid/services/db'
import i18nManager from '@adonisjs/i18n/services/main'
import limiter from '@adonisjs/limiter/services/main'
import mail from '@adonisjs/mail/services/main'
import router from '@adonisjs/core/services/router'
import type { ApiResponse } from '@japa/api-client'
import { appUrl } from '#config/app'
import ApiToken from '#models/api_token'
import Instance from '#models/instance'
import Operation from '#models/operation'
import Plan from '#models/plan'
import { runBatch } from '#models/batch_run'
import { Tenant } from '#models/concerns/tenant'
import { ENDPOINTS } from '#reference/endpoints/index'
import type { Endpoint } from '#reference/endpoint'
import type { Example } from '#reference/examples'
import { openApi } from '#reference/openapi'
import type { JsonSchema } from '#reference/schema'
import { askPeople } from '#tests/support/asked_people'
import { issueBillingKey, withWorker } from '#tests/support/billing'
import { ConsoleClient } from '#tests/support/console_client'
import { contractStories } from '#tests/support/contracts'
import { licensing } from '#tests/support/licenses'
import { until } from '#tests/support/processes'
import { shapeOf } from '#tests/support/shapes'
import { furtherNetwork } from '#tests/support/networks'
import { emptyDatabase } from '#tests/support/test_database'
import { dispatch } from '#tests/support/webhooks'
import { finish, PASSWORD, portPool, world } from '#tests/support/world'

/*
| The reference is held to what the routes really answer: every route is asked, its answer has to fit its schema,
| and the example on the page has to have the shape of the answer. `UPDATE_EXAMPLES=1` writes the examples anew.
*/
const FILE = app.makePath('resources/api/examples.json')
const SSH_KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMq2bJ0cB1JbQ0wRz3tGvJ0Yw6B0mG0o8o3r1mX1cQ5V ada@example.com'
const isWriting = process.env.UPDATE_EXAMPLES === '1'

const ajv = new Ajv2020({ strict: false, allErrors: true })
addFormats.default(ajv)

type Sent = { query?: Record<string, string>; json?: object; form?: Record<string, string> }
/** `response` null: what was answered is no message of HTTP. */
type Asked = { sent: Sent; response: ApiResponse | null }
type Ask = (route: string, path: string, sent?: Sent) => Promise<ApiResponse>

test.group('API reference', (group) => {
  group.each.teardown(() => emptyDatabase())
  group.each.setup(() => limiter.clear(['memory']))
  group.each.setup(() => {
    mail.fake()
    return () => mail.restore()
  })

  test('names every route that programs call, and no other', ({ assert }) => {
    const routes = Object.values(router.toJSON())
      .flat()
      .map(({ methods, pattern }) => `${methods[0]} ${pattern}`)
      .filter((route) => route.includes(' /api/') && !route.includes(' /api/docs'))
    assert.sameMembers(
      ENDPOINTS.map(({ route }) => route as string),
      routes
    )
    assert.lengthOf(new Set(ENDPOINTS.map(({ id }) => id)), ENDPOINTS.length)
  })

  test('tells of each what it answers and how, and shows it', async ({ client, assert }) => {
    const asked = new Map<string, Asked>()
    const note = (route: string, sent: Sent) => asked.set(route, { sent, response: null })
    const asker =
      (headers: Record<string, string>): Ask =>
      async (route, path, sent = {}) => {
        const [method] = route.split(' ') as [string]
        const request = client[method.toLowerCase() as 'get' | 'post' | 'put' | 'delete'](path)
          .qs(sent.query ?? {})
          .header('accept-language', 'en')
        for (const [name, value] of Object.entries(headers)) request.header(name, value)
        if (sent.json) request.json(sent.json as never)
        if (sent.form) request.form(sent.form as never)
        const response = await request
        const endpoint = ENDPOINTS.find((each) => each.route === route)
        const isGood =
          response.status() === endpoint?.status && [200, 501, undefined].includes(codeOf(response))
        if (isGood && !asked.has(route)) asked.set(route, { sent, response })
        return response
      }
    await askWithoutWorker(asker)
    await withWorker(async () => {
      await askBilling(asker)
      await askServers(asker)
      await askCustomers(asker, note)
      await askPeople(asker)
      await askInstallations(asker)
    })

    const kept = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, Example>
    const fresh: Record<string, Example> = {}
    const problems: string[] = []
    for (const endpoint of ENDPOINTS) {
      const one = asked.get(endpoint.route)
      if (!one) problems.push(`${endpoint.route} was not asked, or not well`)
      else {
        problems.push(...misfits(endpoint, one))
        fresh[endpoint.route] = exampleOf(endpoint, one)
      }
    }
    if (isWriting) writeFileSync(FILE, `${JSON.stringify(fresh, null, 2)}\n`)
    else {
      for (const [route, example] of Object.entries(fresh)) {
        const [was, now] = [kept[route], example].map((each) => JSON.stringify(shapeOf(each)))
        if (was !== now) problems.push(`${route}: the example is ${was}, the answer is ${now}`)
      }
    }
    assert.deepEqual(problems, [])
  }).timeout(180_000)

  test('is a document that tools can read, in both languages', async ({ client, assert }) => {
    const validate = ajv.compile({ type: 'object', required: ['openapi', 'info', 'paths'] })
    for (const [language, title] of [
      ['zh-CN', 'API 参考'],
      ['en', 'API reference'],
    ] as const) {
      const response = await client
        .get('/api/docs/openapi.json')
        .header('accept-language', language)
      response.assertStatus(200)
      assert.isTrue(validate(response.body()))
      assert.equal(response.body().info.summary, title)
      assert.equal(response.body().openapi, '3.1.0')
      assert.notInclude(response.text(), 'translation missing')
      const page = await client.get('/api/docs').header('accept-language', language)
      page.assertStatus(200)
      assert.include(page.text(), title)
      for (const { id } of ENDPOINTS) assert.include(page.text(), `id="${id}"`)
    }
  })

  test('has a sentence for each route in both languages', ({ assert }) => {
    for (const locale of ['zh-CN', 'en']) {
      const { paths } = openApi(i18nManager.locale(locale))
      const untold = Object.values(paths)
        .flatMap((path) => Object.values(path) as { operationId: string; summary: string }[])
        .filter(({ summary }) => summary.includes('api_reference.'))
      assert.deepEqual(
        untold.map(({ operationId }) => operationId),
        []
      )
    }
  })
})

function codeOf(response: ApiResponse): number | undefined {
  const body = response.body() as { code?: unknown } | undefined
  return typeof body?.code === 'number' ? body.code : undefined
}

/** Where the answer, or what was sent, is not what the reference says. */
function misfits({ route, answer, body }: Endpoint, { sent, response }: Asked): string[] {
  const pairs: [string, JsonSchema | null | undefined, unknown][] = [
    ['answer', answer, response?.body()],
    ['body', body, sent.json],
  ]
  return pairs.flatMap(([what, schema, value]) => {
    if (!schema || value === undefined) return []
    const validate = ajv.compile(schema)
    if (validate(value)) return []
    return [`${route}: ${what} ${ajv.errorsText(validate.errors)}`]
  })
}

/** Secrets are not shown, not even those of a test. */
function exampleOf({ answer }: Endpoint, { sent, response }: Asked): Example {
  const body = sent.json ?? sent.form
  const told = JSON.stringify(answer && response ? response.body() : null)
  return {
    ...(sent.query && Object.keys(sent.query).length > 0 && { query: sent.query }),
    ...(body && { body: JSON.parse(JSON.stringify(body).replaceAll(PASSWORD, '********')) }),
    answer: JSON.parse(
      told
        .replaceAll(appUrl, 'https://portal.example.com')
        .replaceAll(appUrl.replace('http', 'ws'), 'wss://portal.example.com')
        .replaceAll(/"(access_token|token|ticket|password)":"[^"]+"/g, '"$1":"…"')
        .replaceAll(/"ticket\.[^"]+"/g, '"ticket.…"')
        .replaceAll(/\/visits\/[\w.-]+"/g, '/visits/…"')
    ),
  }
}

/** The stories of the contract, each on a portal of its own. */
async function askBilling(asker: (headers: Record<string, string>) => Ask) {
  const files = ['billing_first.json', 'billing_second.json', 'billing_portico.json']
  for (const { steps } of files.flatMap((file) => contractStories(file))) {
    const { acme, cluster } = await world()
    await portPool(cluster, { address: `203.0.113.${nextHost()}` })
    const ask = asker({ apikey: await issueBillingKey(acme) })
    for (const { request } of steps) {
      const { method, path, query, json, form } = request
      const task = await ask(`${method} ${path}`, path, { query, json, form })
      if (path !== '/api/task/list') continue
      const [{ id }] = task.body().data
      await ask('GET /api/task_status', '/api/task_status', { query: { task_id: id } })
    }
  }
}

let host = 0
const nextHost = () => (host += 1)

async function askServers(asker: (headers: Record<string, string>) => Ask) {
  const { acme } = await world()
  const instance = await acme.instance('web-1')
  const ask = asker({})
  const registration = { username: 'wang.xiaoming', password: PASSWORD }
  await ask('POST /api/auth/register', '/api/auth/register', { json: registration })
  const login = await ask('POST /api/auth/login', '/api/auth/login', {
    json: { username: acme.owner.email, password: PASSWORD },
  })
  const asOwner = asker({ authorization: `Bearer ${login.body().access_token}` })
  await asOwner('GET /api/os/servers', '/api/os/servers')
  await asOwner('POST /api/os/servers/:id/action', `/api/os/servers/${instance.uid}/action`, {
    json: { action: 'stop' },
  })
}

async function askCustomers(
  asker: (headers: Record<string, string>) => Ask,
  note: (route: string, sent: Sent) => void
) {
  const { acme, image, plan, cluster, fake } = await world()
  await furtherNetwork({ cluster, fake })
  await portPool(cluster, { address: `203.0.113.${nextHost()}` })
  const larger = await Plan.create({
    name: `m1-${nextHost()}`,
    kind: 'container',
    cpus: 2,
    memoryMib: 1_024,
    diskGib: 20,
    snapshotLimit: 3,
    portForwardLimit: 5,
    position: 2,
  })
  await cluster.related('plans').attach([larger.id])
  const token = await ApiToken.create(acme.owner, { name: 'robot', days: 1 })
  const ask = asker({ authorization: `Bearer ${token}` })
  const pattern = '/api/v1/organizations/:organization'
  const home = pattern.replace(':organization', acme.organization.slug)
  const get = (path: string, real = path, query = {}) =>
    ask(`GET ${pattern}${path}`, `${home}${real}`, { query })
  /** Asks for a change and waits until it is made. */
  const change = async (
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    real: string,
    json?: object
  ) => {
    const response = await ask(`${method} ${pattern}${path}`, `${home}${real}`, { json })
    const uid = response.body()?.data?.operation?.uid as string | undefined
    if (uid) await ended(uid)
    return response
  }
  const ended = async (uid: string) => {
    await over(await acme.inside(() => Operation.findByOrFail('uid', uid)))
  }

  await ask('GET /api/v1/me', '/api/v1/me')
  const keyRoute = '/api/v1/ssh_keys'
  const kept = await ask(`POST ${keyRoute}`, keyRoute, { json: { ssh_keys: SSH_KEY } })
  await ask(`GET ${keyRoute}`, keyRoute)
  await ask(`DELETE ${keyRoute}/:id`, `${keyRoute}/${kept.body().data[0].uid}`)
  for (const path of ['/quotas', '/clusters', '/images', '/plans']) await get(path)
  const made = await change('POST', '/instances', '/instances', {
    name: 'web-1',
    image: image.uid,
    plan: plan.uid,
  })
  const { instance, operation } = made.body().data
  const one = `/instances/${instance}`
  await get('/instances', '/instances', { size: '20' })
  await get('/instances/:id', one)
  await get('/operations', '/operations', { instance })
  await get('/operations/:id', `/operations/${operation.uid}`)
  const deed = '/instances/:instance_id'
  await change('POST', `${deed}/power_state`, `${one}/power_state`, { action: 'restart' })
  await askDeeds()
  await askNetworks()
  await askPorts()
  await askCopies()
  await askUsage()
  await askWebhooks()
  await askConsole()
  await askBatches()
  await get('/members')
  await get('/activity', '/activity', { action: 'instance.renamed' })
  await change('DELETE', '/instances/:id', one)

  async function askDeeds() {
    await change('PUT', `${deed}/name`, `${one}/name`, { name: 'shop-1' })
    await get(`${deed}/plans`, `${one}/plans`)
    await change('PUT', `${deed}/plan`, `${one}/plan`, { plan: larger.uid })
    await get(`${deed}/images`, `${one}/images`)
    const order = { image: image.uid, password_choice: 'generated' }
    await change('POST', `${deed}/reinstallation`, `${one}/reinstallation`, order)
    await change('POST', `${deed}/rescue`, `${one}/rescue`)
    await get(`${deed}/rescue`, `${one}/rescue`)
    const reset = { password_choice: 'generated' }
    await change('POST', `${deed}/password_resets`, `${one}/password_resets`, reset)
    await change('POST', `${deed}/root_password`, `${one}/root_password`)
    await change('POST', `${deed}/ssh_keys`, `${one}/ssh_keys`, { ssh_keys: SSH_KEY })
    const keys = await get(`${deed}/ssh_keys`, `${one}/ssh_keys`)
    const [{ uid }] = keys.body().data
    await change('DELETE', `${deed}/ssh_keys/:id`, `${one}/ssh_keys/${uid}`)
    await suspended()
    const tasks = await get(`${deed}/tasks`, `${one}/tasks`)
    await get(`${deed}/tasks/:id`, `${one}/tasks/${tasks.body().data[0].id}`)
  }

  async function suspended() {
    const path = `${one}/suspensions`
    await change('POST', `${deed}/suspensions`, path, { reason: 'resale' })
    await get(`${deed}/suspensions`, path)
    await change('DELETE', `${deed}/suspensions/:reason`, `${path}/resale`)
  }

  async function askNetworks() {
    await get(`${deed}/networks`, `${one}/networks`)
    const path = `${deed}/interfaces`
    await change('POST', path, `${one}/interfaces`, { network: 'private' })
    const cards = await get(path, `${one}/interfaces`)
    await change('DELETE', `${path}/:id`, `${one}/interfaces/${cards.body().data.at(-1).uid}`)
  }

  async function askPorts() {
    await get(`${deed}/port_pools`, `${one}/port_pools`)
    const path = `${deed}/port_forwards`
    await change('POST', path, `${one}/port_forwards`, {
      protocol: 'tcp',
      target_port: '8080',
      note: 'shop',
    })
    const forwards = await get(path, `${one}/port_forwards`)
    const { uid } = forwards.body().data.at(-1)
    await change('DELETE', `${path}/:id`, `${one}/port_forwards/${uid}`)
  }

  async function askCopies() {
    const schedule = { rhythm: 'daily', keep: 2, hour: 3, weekday: 1 }
    for (const kind of ['snapshot', 'backup']) {
      const path = `${kind}_schedules`
      const set = await change('POST', `${deed}/${path}`, `${one}/${path}`, schedule)
      await get(`${deed}/${path}`, `${one}/${path}`)
      await change('DELETE', `${deed}/${path}/:id`, `${one}/${path}/${set.body().data.uid}`)
      await change('POST', `${deed}/${kind}s`, `${one}/${kind}s`, { name: 'before' })
    }
    const snapshots = await get(`${deed}/snapshots`, `${one}/snapshots`)
    const snapshot = `${one}/snapshots/${snapshots.body().data[0].uid}`
    const path = `${deed}/snapshots`
    await change('POST', `${path}/:snapshot_id/restoration`, `${snapshot}/restoration`)
    await change('DELETE', `${path}/:id`, snapshot)
    await get(`${deed}/backups`, `${one}/backups`)
    const backups = await get('/backups')
    const backup = `/backups/${backups.body().data[0].uid}`
    await get('/backups/:id', backup)
    await get('/backups/:id/archive', `${backup}/archive`)
    const order = { name: 'shop-2', plan: larger.uid }
    await change('POST', '/backups/:backup_id/restoration', `${backup}/restoration`, order)
    await change('DELETE', '/backups/:id', backup)
  }

  async function askWebhooks() {
    const facts = { url: 'https://hooks.example.com/portico', kinds: ['created', 'failed'] }
    const added = await change('POST', '/webhooks', '/webhooks', facts)
    const webhook = `/webhooks/${added.body().data.uid}`
    const path = '/webhooks/:webhook_id'
    await change('PUT', '/webhooks/:id', webhook, { ...facts, kinds: ['failed'] })
    await change('POST', `${path}/rotations`, `${webhook}/rotations`)
    await change('POST', `${path}/pings`, `${webhook}/pings`)
    await dispatch()
    const log = await get(`${path}/deliveries`, `${webhook}/deliveries`)
    const delivery = `${webhook}/deliveries/${log.body().data[0].uid}`
    await get(`${path}/deliveries/:id`, delivery)
    await db.from('webhook_deliveries').update({ state: 'failed', due_at: null })
    const again = `${path}/deliveries/:delivery_id/redeliveries`
    await change('POST', again, `${delivery}/redeliveries`)
    await change('POST', `${path}/redeliveries`, `${webhook}/redeliveries`)
    await get('/webhooks')
    await get('/webhooks/:id', webhook)
    await change('DELETE', '/webhooks/:id', webhook)
  }

  async function askConsole() {
    await get(`${deed}/console`, `${one}/console`)
    const wish = { kind: 'shell' }
    const issued = await change('POST', `${deed}/console/tickets`, `${one}/console/tickets`, wish)
    const { ticket } = issued.body().data
    const client = await ConsoleClient.opened(`${home}${one}`, { token, ticket, origin: null })
    client.socket.terminate()
    await until('the console is closed', async () => {
      const open = await db.from('console_sessions').whereNull('closed_at').first()
      return open === null
    })
    note(`GET ${pattern}${deed}/console/socket`, { query: { columns: '80', rows: '24' } })
  }

  async function askBatches() {
    const order = { deed: 'restart', instances: [instance, 'i0nobody'] }
    const { uid } = (await change('POST', '/batches', '/batches', order)).body().data
    const batch = await db.from('batches').where({ uid }).firstOrFail()
    await until('the batch is over', async () => {
      await Tenant.none(() => runBatch(batch.id, new AbortController().signal))
      const { ended_at: endedAt } = await db.from('batches').where({ uid }).firstOrFail()
      return endedAt !== null
    })
    await ask(`GET ${pattern}/batches/:id`, `${home}/batches/${uid}`)
    await get('/batches')
    await get('/batches/:batch_id/items', `/batches/${uid}/items`, { show: 'succeeded' })
  }

  async function askUsage() {
    const { id } = await acme.inside(() => Instance.findByOrFail('uid', instance))
    await measured(id)
    await get(`${deed}/usage`, `${one}/usage`, { range: 'hour' })
    await get(`${deed}/traffic`, `${one}/traffic`)
  }
}

/** A minute of it. */
async function measured(instanceId: number): Promise<void> {
  const meter = await db.from('meters').where('instance_id', instanceId).first()
  const id = meter?.id ?? (await db.table('meters').insert({ instance_id: instanceId }))[0]
  await db.table('usage_minutes').insert({
    meter_id: id,
    at: Math.floor(Date.now() / 1_000) - 120,
    readings: 1,
    seconds: 60,
    cpu_ms: 15_000,
    memory_mib: 128,
    disk_mib: 2_048,
    received_bytes: 4_096,
    sent_bytes: 8_192,
  })
}

/** What can only be asked while nobody works: to cancel what waits, and to try it again. */
async function askWithoutWorker(asker: (headers: Record<string, string>) => Ask) {
  const { acme } = await world()
  const instance = await acme.instance('web-1')
  const token = await ApiToken.create(acme.owner, { name: 'robot', days: 1 })
  const ask = asker({ authorization: `Bearer ${token}` })
  const pattern = 'POST /api/v1/organizations/:organization/operations/:operation_id'
  const home = `/api/v1/organizations/${acme.organization.slug}/operations`
  const operation = await acme.inside(() => instance.power('stop', acme.owner))
  await ask(`${pattern}/cancellation`, `${home}/${operation.uid}/cancellation`)
  await finish(operation)
  await ask(`${pattern}/retry`, `${home}/${operation.uid}/retry`)

  // What was tried again goes on, so a batch finds the instance busy.
  const batches = 'POST /api/v1/organizations/:organization/batches'
  const path = `/api/v1/organizations/${acme.organization.slug}/batches`
  const json = { deed: 'restart', instances: [instance.uid] }
  const { uid } = (await ask(batches, path, { json })).body().data
  const { id } = await db.from('batches').where('uid', uid).firstOrFail()
  await Tenant.none(() => runBatch(id, new AbortController().signal))
  const again = await ask(`${batches}/:batch_id/retries`, `${path}/${uid}/retries`)
  const last = again.body().data.uid
  await ask(`${batches}/:batch_id/cancellation`, `${path}/${last}/cancellation`)
}

/** Waits until the worker beside has done it. */
async function over(operation: Operation): Promise<void> {
  while (operation.isOpen) {
    await sleep(20)
    await Tenant.run(operation.organizationId, () => operation.refresh())
  }
}

async function askInstallations(asker: (headers: Record<string, string>) => Ask) {
  const { acme } = await world()
  const { grant, file } = await licensing()
  const license = await grant(acme, 'ACME-DESK')
  const token = await acme.inside(() => license.issueToken())
  const ask = asker({ authorization: `Bearer ${token}` })
  const home = '/api/v1/licensing'
  const fingerprint = 'a'.repeat(64)
  const active = await ask(`POST ${home}/activations`, `${home}/activations`, {
    json: { fingerprint, name: 'desk' },
  })
  const activation = `${home}/activations/${active.body().activation}`
  await ask(`POST ${home}/validations`, `${home}/validations`, { json: { fingerprint } })
  await ask(`POST ${home}/activations/:id/heartbeats`, `${activation}/heartbeats`)
  await ask(`DELETE ${home}/activations/:id`, activation)
  await ask(`POST ${home}/host_info`, `${home}/host_info`, {
    json: { host_info: file(license).toString() },
  })
  const [operation] = await acme.inside(() => license.related('operations').query())
  await over(operation!)
  await ask(`GET ${home}/document`, `${home}/document`)
}
