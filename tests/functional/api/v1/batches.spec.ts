import { test } from '@japa/runner'
import limiter from '@adonisjs/limiter/services/main'
import db from '@adonisjs/lucid/services/db'
import testUtils from '@adonisjs/core/services/test_utils'
import type { ApiClient } from '@japa/api-client'
import ApiToken from '#models/api_token'
import { runBatch } from '#models/batch_run'
import { Tenant } from '#models/concerns/tenant'
import type { Scope } from '#models/types'
import { world } from '#tests/support/world'

async function ground(client: ApiClient) {
  const given = await world()
  const { acme } = given
  const [web, other] = [await acme.instance('web-1'), await acme.instance('web-2')]
  const home = `/api/v1/organizations/${acme.organization.slug}`
  const tokenOf = (user = acme.admin, scopes?: Scope[]) =>
    ApiToken.create(user, { name: 'robot', days: 1, scopes })
  const token = await tokenOf()
  const get = (path: string, query = {}) =>
    client.get(`${home}${path}`).qs(query).bearerToken(token).header('accept-language', 'en')
  const post = (path: string, body: object = {}, by = token, key?: string) => {
    const request = client.post(`${home}${path}`).json(body as never)
    request.bearerToken(by).header('accept-language', 'en')
    return key ? request.header('idempotency-key', key) : request
  }
  /** As a worker does it. */
  const run = async (uid: string) => {
    const { id } = await db.from('batches').where('uid', uid).firstOrFail()
    await Tenant.none(() => runBatch(id, new AbortController().signal))
  }
  return { ...given, web, other, home, token, tokenOf, get, post, run }
}

test.group('Batches over the API', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())
  group.each.setup(() => limiter.clear(['memory']))

  test('one deed for several, with what became of each, and the failures again', async ({
    client,
    assert,
  }) => {
    const { acme, web, other, home, get, post, run } = await ground(client)
    const busy = await acme.inside(() => other.power('stop', acme.owner))
    const asked = await post('/batches', {
      deed: 'restart',
      instances: [web.uid, other.uid, 'i0gone'],
    })
    asked.assertStatus(202)
    const { uid, unknown, counts, is_open: isOpen } = asked.body().data
    asked.assertHeader('location', `${home}/batches/${uid}`)
    assert.deepEqual([unknown, counts.all, isOpen], [['i0gone'], 2, true])
    await run(uid)

    const items = await get(`/batches/${uid}/items`)
    const [first, second] = items.body().data
    assert.deepEqual([first.instance.name, first.outcome, first.refusal], ['web-1', 'queued', null])
    assert.isString(first.operation)
    assert.deepEqual([second.instance.uid, second.outcome], [other.uid, 'refused'])
    assert.equal(second.refusal.code, 'E_INSTANCE_BUSY')
    assert.match(second.refusal.detail, /^Another operation is running/)
    const failed = await get(`/batches/${uid}/items`, { show: 'failed' })
    assert.lengthOf(failed.body().data, 1)

    const early = await post(`/batches/${uid}/retries`)
    assert.deepEqual([early.status(), early.body().code], [409, 'E_NOT_POSSIBLE_NOW'])
    await acme.inside(() => busy.cancel(acme.owner))
    await db.from('operations').update({ state: 'succeeded', open_on: null })
    await run(uid)
    const again = await post(`/batches/${uid}/retries`)
    again.assertStatus(202)
    assert.deepEqual([again.body().data.retry_of, again.body().data.counts.all], [uid, 1])
    const cancelled = await post(`/batches/${again.body().data.uid}/cancellation`)
    assert.isTrue(cancelled.body().data.is_cancelled)
    const list = await get('/batches', { size: '20' })
    assert.lengthOf(list.body().data, 2)
  })

  test('all that match a search', async ({ client, assert }) => {
    const { post } = await ground(client)
    const asked = await post('/batches', { deed: 'stop', matching: 'name:web-2' })
    assert.deepEqual([asked.status(), asked.body().data.counts.all], [202, 1])
  })

  test('sent again with its key it is the same batch', async ({ client, assert }) => {
    const { web, token, post } = await ground(client)
    const order = { deed: 'stop', instances: [web.uid] }
    const first = await post('/batches', order, token, 'nightly-1')
    const second = await post('/batches', order, token, 'nightly-1')
    second.assertHeader('idempotent-replayed', 'true')
    assert.equal(second.body().data.uid, first.body().data.uid)
    // … also when the answer was lost before it was kept.
    await db.from('idempotency_keys').delete()
    const third = await post('/batches', order, token, 'nightly-1')
    assert.equal(third.body().data.uid, first.body().data.uid)
    assert.lengthOf(await db.from('batches'), 1)
  })

  test('takes the scope of the deed beside its own', async ({ client, assert }) => {
    const { acme, web, tokenOf, post } = await ground(client)
    const missing = async (deed: string, scopes: Scope[]) => {
      const token = await tokenOf(acme.admin, scopes)
      const response = await post('/batches', { deed, instances: [web.uid] }, token)
      return response.status() === 202 ? 'accepted' : response.body().scope
    }
    assert.equal(await missing('stop', ['instances']), 'power')
    assert.equal(await missing('snapshot', ['instances', 'power']), 'snapshots')
    assert.equal(await missing('stop', ['power']), 'instances')
    assert.equal(await missing('stop', ['instances', 'power']), 'accepted')
    assert.equal(await missing('delete', ['instances']), 'accepted')
  })

  test('refuses what the role may not, and says what is wrong', async ({ client, assert }) => {
    const { acme, globex, web, tokenOf, post } = await ground(client)
    const operator = await tokenOf(acme.operator)
    const removal = await post('/batches', { deed: 'delete', instances: [web.uid] }, operator)
    removal.assertStatus(403)
    const foreign = await globex.instance('db-1')
    const theirs = await post('/batches', { deed: 'stop', instances: [foreign.uid] })
    assert.deepEqual([theirs.status(), theirs.body().code], [422, 'E_NOTHING_CHOSEN'])
    const nothing = await post('/batches', { deed: 'stop' })
    assert.deepEqual([nothing.status(), nothing.body().code], [422, 'E_NOTHING_CHOSEN'])
    for (const [field, body] of [
      ['deed', { deed: 'suspend', instances: [web.uid] }],
      ['instances.0', { deed: 'stop', instances: ['../etc'] }],
      ['matching', { deed: 'stop', matching: 'x'.repeat(301) }],
    ] as const) {
      const response = await post('/batches', body)
      response.assertStatus(422)
      assert.deepEqual(
        response.body().errors.map((each: { field: string }) => each.field),
        [field]
      )
    }
    assert.lengthOf(await db.from('batches'), 0)
  })
})
