import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { default as addFormats } from 'ajv-formats'
import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'
import i18nManager from '@adonisjs/i18n/services/main'
import limiter from '@adonisjs/limiter/services/main'
import router from '@adonisjs/core/services/router'
import type { ApiResponse } from '@japa/api-client'
import ApiToken from '#models/api_token'
import Operation from '#models/operation'
import { Tenant } from '#models/concerns/tenant'
import { ENDPOINTS } from '#reference/endpoints/index'
import type { Endpoint } from '#reference/endpoint'
import type { Example } from '#reference/examples'
import { openApi } from '#reference/openapi'
import type { JsonSchema } from '#reference/schema'
import { issueBillingKey, withWorker } from '#tests/support/billing'
import { contractStories } from '#tests/support/contracts'
import { licensing } from '#tests/support/licenses'
import { shapeOf } from '#tests/support/shapes'
import { emptyDatabase } from '#tests/support/test_database'
import { PASSWORD, portPool, world } from '#tests/support/world'

/*
| The reference is held to what the routes really answer: every route is asked, its answer has to fit its schema,
| and the example on the page has to have the shape of the answer. `UPDATE_EXAMPLES=1` writes the examples anew.
*/
const FILE = app.makePath('resources/api/examples.json')
const isWriting = process.env.UPDATE_EXAMPLES === '1'

const ajv = new Ajv2020({ strict: false, allErrors: true })
addFormats.default(ajv)

type Sent = { query?: Record<string, string>; json?: object; form?: Record<string, string> }
type Asked = { sent: Sent; response: ApiResponse }
type Ask = (route: string, path: string, sent?: Sent) => Promise<ApiResponse>

test.group('API reference', (group) => {
  group.each.teardown(() => emptyDatabase())
  group.each.setup(() => limiter.clear(['memory']))

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
    const asker =
      (headers: Record<string, string>): Ask =>
      async (route, path, sent = {}) => {
        const [method] = route.split(' ') as [string]
        const request = client[method.toLowerCase() as 'get' | 'post' | 'delete'](path)
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
    await withWorker(async () => {
      await askBilling(asker)
      await askServers(asker)
      await askCustomers(asker)
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
  }).timeout(60_000)

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
    ['answer', answer, response.body()],
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
  const told = JSON.stringify(answer ? response.body() : null)
  return {
    ...(sent.query && Object.keys(sent.query).length > 0 && { query: sent.query }),
    ...(body && { body: JSON.parse(JSON.stringify(body).replaceAll(PASSWORD, '********')) }),
    answer: JSON.parse(told.replaceAll(/"(access_token|token)":"[^"]+"/g, '"$1":"…"')),
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

async function askCustomers(asker: (headers: Record<string, string>) => Ask) {
  const { acme, image, plan, cluster } = await world()
  await portPool(cluster, { address: `203.0.113.${nextHost()}` })
  const token = await ApiToken.create(acme.owner, { name: 'robot', days: 1 })
  const ask = asker({ authorization: `Bearer ${token}` })
  const pattern = '/api/v1/organizations/:organization'
  const home = pattern.replace(':organization', acme.organization.slug)
  const get = (path: string, real = path, query = {}) =>
    ask(`GET ${pattern}${path}`, `${home}${real}`, { query })
  /** Asks for a change and waits until it is made. */
  const change = async (
    method: 'POST' | 'DELETE' | 'PATCH',
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
  for (const path of ['/quotas', '/images', '/plans']) await get(path)
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
  await change('DELETE', '/instances/:id', one)
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
