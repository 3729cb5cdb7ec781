import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'
import limiter from '@adonisjs/limiter/services/main'
import type { ApiClient } from '@japa/api-client'
import ApiToken from '#models/api_token'
import Instance from '#models/instance'
import Operation from '#models/operation'
import Plan from '#models/plan'
import type { Scope } from '#models/types'
import { withWorker } from '#tests/support/billing'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, portPool, world } from '#tests/support/world'

const run = promisify(execFile)
const SELLERS: Scope[] = ['read', 'power', 'instances', 'access', 'billing']

/** The lines of a guide that are to be run, one after the other. */
function walkIn(guide: string): string {
  const text = readFileSync(app.makePath('docs/guides', guide), 'utf8')
  return [...text.matchAll(/^```sh walk\n(.*?)^```$/gms)].map(([, lines]) => lines).join('\n')
}

async function ground(client: ApiClient) {
  const given = await world()
  const { acme } = given
  const web = await acme.instance('web-1')
  const token = await ApiToken.create(acme.admin, { name: 'WHMCS', days: 1, scopes: SELLERS })
  const home = `/api/v1/organizations/${acme.organization.slug}/instances/${web.uid}`
  const ask = (method: 'get' | 'post' | 'delete', path: string, body?: object) => {
    const request = client[method](`${home}${path}`).bearerToken(token)
    return Promise.resolve(body ? request.json(body as never) : request)
  }
  const settle = async () => {
    const open = await acme.inside(() => Operation.query().whereNotNull('open_on'))
    for (const operation of open) await finish(operation)
  }
  const suspendedFor = async () => {
    const shown = await ask('get', '')
    return [shown.body().data.status, shown.body().data.suspended_for]
  }
  return { ...given, web, ask, settle, suspendedFor }
}

test.group('Selling onward', (group) => {
  group.each.teardown(() => emptyDatabase())
  group.each.setup(() => limiter.clear(['memory']))

  test('the walk in the guide works, line by line', async ({ assert }) => {
    const { acme, cluster, plan } = await world()
    await portPool(cluster)
    const larger = await Plan.create({
      name: `larger-${plan.name}`,
      kind: 'container',
      cpus: 2,
      memoryMib: 1_024,
      diskGib: 20,
      snapshotLimit: 3,
      portForwardLimit: 5,
      position: 2,
    })
    await cluster.related('plans').attach([larger.id])
    const token = await ApiToken.create(acme.admin, { name: 'WHMCS', days: 1, scopes: SELLERS })
    const env = {
      ...process.env,
      PORTICO: `http://${process.env.HOST}:${process.env.PORT}`,
      TOKEN: token,
      ORGANIZATION: acme.organization.slug,
    }
    const walk = `set -eu -o pipefail\n${walkIn('other-billing-systems.md')}`
    assert.include(walk, 'api POST')
    const { stdout } = await withWorker(() => run('bash', ['-c', walk], { env, timeout: 150_000 }))
    assert.include(stdout, '"status": "running"')
    const left = await acme.inside(() => Instance.query().whereNull('deleted_at'))
    assert.lengthOf(left, 0)
  }).timeout(180_000)

  test('the same walk stands in both languages', ({ assert }) => {
    const walk = walkIn('other-billing-systems.md')
    assert.equal(walkIn('other-billing-systems.zh-CN.md'), walk)
    assert.isNotEmpty(walk)
  })

  test('a seller stops and starts what its customer did not pay for', async ({
    client,
    assert,
  }) => {
    const { ask, settle, suspendedFor } = await ground(client)
    const imposed = await ask('post', '/suspensions', { reason: 'resale' })
    imposed.assertStatus(202)
    await settle()
    assert.deepEqual(await suspendedFor(), ['suspended', ['resale']])
    const again = await ask('post', '/suspensions', { reason: 'resale' })
    again.assertStatus(200)
    const lifted = await ask('delete', '/suspensions/resale')
    lifted.assertStatus(202)
    await settle()
    assert.deepEqual(await suspendedFor(), ['running', []])
    const twice = await ask('delete', '/suspensions/resale')
    twice.assertStatus(200)
  })

  test("… and leaves alone what is its provider's", async ({ client, assert }) => {
    const { acme, staff, web, ask, settle, suspendedFor } = await ground(client)
    const by = await staff()
    await acme.inside(() => web.suspend('billing', { by }))
    await settle()
    for (const reason of ['billing', 'abuse', 'traffic']) {
      const imposed = await ask('post', '/suspensions', { reason })
      imposed.assertStatus(422)
      assert.equal(imposed.body().errors[0].field, 'reason')
      const lifted = await ask('delete', `/suspensions/${reason}`)
      lifted.assertStatus(422)
    }
    const own = await ask('post', '/suspensions', { reason: 'resale' })
    own.assertStatus(200)
    assert.deepEqual(await suspendedFor(), ['suspended', ['billing', 'resale']])
    await ask('delete', '/suspensions/resale')
    assert.deepEqual(await suspendedFor(), ['suspended', ['billing']])
  })
})
