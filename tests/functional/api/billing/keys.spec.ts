import { DateTime } from 'luxon'
import { test } from '@japa/runner'
import limiter from '@adonisjs/limiter/services/main'
import testUtils from '@adonisjs/core/services/test_utils'
import AuditEvent from '#models/audit_event'
import BillingKey from '#models/billing_key'
import { issueBillingKey } from '#tests/support/billing'
import { world } from '#tests/support/world'

test.group('Billing keys', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())
  group.each.setup(() => limiter.clear(['memory']))

  test('are shown once and kept as a hash', async ({ client, assert }) => {
    const { acme } = await world()
    const made = await client
      .post(`${acme.path}/billing-keys`)
      .loginAs(acme.owner)
      .withCsrfToken()
      .form({
        name: 'Shop',
        days: 0,
        allows_free_sizes: 'on',
        allowed_addresses: '127.0.0.0/8\n::1',
      })
      .redirects(0)
    assert.notInclude(JSON.stringify(made.session()), 'pbk_')
    const shown = await client
      .get(`${acme.path}/billing-keys`)
      .withSession({ ...made.session(), __flash__: made.flashMessages() })
    const value = shown.text().match(/pbk_[\w-]{43}/)?.[0]
    assert.isDefined(value)
    const later = await client.get(`${acme.path}/billing-keys`).loginAs(acme.owner)
    assert.notInclude(later.text(), value!)
    const kept = await acme.inside(() => BillingKey.query().firstOrFail())
    assert.notInclude(JSON.stringify(kept.$attributes), value!)
    const answer = await client.get('/api/check').header('apikey', value!)
    answer.assertBodyContains({ code: 200 })
    const [event] = await acme.inside(() =>
      AuditEvent.query().where('action', 'billing_key.created')
    )
    assert.equal(event!.subjectLabel, kept.label)
    assert.notInclude(event!.after!, value!)
  })

  test('open nothing: {title}')
    .with([
      { title: 'none at all', spoil: async () => '' },
      {
        title: 'the sample that was published',
        spoil: async () => '7215EE9C7D9DC229D2921A40E899EC5F',
      },
      {
        title: 'one that differs in its last character',
        spoil: async (key: string) => key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A'),
      },
      {
        title: 'a revoked one',
        spoil: async (key: string) => {
          await (await keyOf(key)).revoke()
          return key
        },
      },
      {
        title: 'an expired one',
        spoil: async (key: string) => {
          await (await keyOf(key)).merge({ expiresAt: DateTime.utc().minus({ minutes: 1 }) }).save()
          return key
        },
      },
      {
        title: 'one from another address',
        spoil: async (key: string) => {
          await (
            await keyOf(key)
          )
            .merge({ allowedAddresses: ['192.0.2.0/24', '2001:db8::1'] })
            .save()
          return key
        },
      },
    ])
    .run(async ({ client, assert }, { spoil }) => {
      const { acme } = await world()
      const key = await issueBillingKey(acme)
      const spoilt = await acme.inside(() => spoil(key))
      const response = await client.get('/api/check').header('apikey', spoilt)
      response.assertStatus(401)
      assert.deepEqual(response.body(), { code: 401, msg: '认证失败或API密钥无效', data: null })
    })

  test('after too many wrong ones wait, and right ones neither count nor wait', async ({
    client,
    assert,
  }) => {
    const { acme } = await world()
    const key = await issueBillingKey(acme)
    const ask = async (apikey: string) =>
      (await client.get('/api/check').header('apikey', apikey)).status()
    for (let count = 0; count < 35; count++) assert.equal(await ask(key), 200)
    for (let count = 0; count < 30; count++) assert.equal(await ask('wrong'), 401)
    assert.equal(await ask('wrong'), 429)
    assert.equal(await ask(key), 200)
  })

  test('open neither a page nor the JSON API of persons', async ({ client }) => {
    const { acme } = await world()
    const apikey = await issueBillingKey(acme)
    const page = await client.get(acme.path).header('apikey', apikey).redirects(0)
    page.assertHeader('location', '/sign-in')
    const api = await client.get('/api/v1/me').header('apikey', apikey).bearerToken(apikey)
    api.assertStatus(401)
  })

  test('are not replaced by a session', async ({ client }) => {
    const { acme } = await world()
    const response = await client.get('/api/check').loginAs(acme.owner)
    response.assertStatus(401)
  })

  test('are rotated with an overlap in which both work', async ({ client, assert }) => {
    const { acme } = await world()
    const old = await issueBillingKey(acme)
    const key = await acme.inside(() => keyOf(old))
    await client
      .post(`${acme.path}/billing-keys/${key.uid}/rotations`)
      .loginAs(acme.owner)
      .withCsrfToken()
      .form({ overlap_hours: 1 })
      .redirects(0)
    const keys = await acme.inside(() => BillingKey.query().orderBy('id'))
    assert.lengthOf(keys, 2)
    assert.isTrue(keys[1]!.isLive)
    const answer = await client.get('/api/check').header('apikey', old)
    answer.assertStatus(200)
    const after = await acme.inside(() => keyOf(old))
    assert.closeTo(after.expiresAt!.diffNow('minutes').minutes, 60, 1)
  })

  test('may only order what they are bound to', async ({ client }) => {
    const { acme, plan } = await world()
    const others = await world()
    const apikey = await issueBillingKey(acme, { clusters: [others.cluster], plans: [plan] })
    const response = await client.post('/api/create').header('apikey', apikey).json({
      hostname: 'bound-1',
      cpu: 1,
      ram: 512,
      disk: 10_240,
      up: 100,
      down: 100,
      ports: 5,
    })
    response.assertBodyContains({ code: 422 })
  })

  test('reach nothing in clusters that they are not bound to', async ({ client, assert }) => {
    const { acme } = await world()
    const others = await world()
    const instance = await acme.instance('web-1')
    await acme.inside(() => instance.merge({ billingReference: 'sold-1' }).save())
    const bound = await issueBillingKey(acme, { clusters: [others.cluster] })
    for (const path of ['getinfo', 'stop', 'suspend', 'delete']) {
      const response = await client
        .get(`/api/${path}`)
        .qs({ hostname: 'sold-1' })
        .header('apikey', bound)
      assert.equal(response.body().code, 404, path)
    }
    const list = await client.get('/api/list').header('apikey', bound)
    assert.deepEqual(list.body().data, [])
    const free = await issueBillingKey(acme)
    const found = await client.get('/api/getinfo').qs({ hostname: 'sold-1' }).header('apikey', free)
    assert.equal(found.body().code, 200)
  })

  test('from an address that is none are refused in the form', async ({ client, assert }) => {
    const { acme } = await world()
    const response = await client
      .post(`${acme.path}/billing-keys`)
      .loginAs(acme.owner)
      .withCsrfToken()
      .form({ name: 'Shop', days: 0, allowed_addresses: '10.0.0.300' })
      .redirects(0)
    assert.property(response.flashMessage('inputErrorsBag'), 'allowed_addresses')
  })
})

/** Inside its tenant. */
function keyOf(value: string): Promise<BillingKey> {
  return BillingKey.query()
    .where('prefix', value.slice(0, 12))
    .preload('plans')
    .preload('clusters')
    .firstOrFail()
}
