import { test } from '@japa/runner'
import limiter from '@adonisjs/limiter/services/main'
import type { ApiClient } from '@japa/api-client'
import db from '@adonisjs/lucid/services/db'
import ApiToken from '#models/api_token'
import type User from '#models/user'
import { auditActions } from '#tests/support/audit'
import { emptyDatabase } from '#tests/support/test_database'
import { dispatch, listener, makeDue, send, signed } from '#tests/support/webhooks'
import { world } from '#tests/support/world'

async function ground(client: ApiClient, who: 'owner' | 'operator' = 'owner') {
  const { acme } = await world()
  const home = `/api/v1/organizations/${acme.organization.slug}/webhooks`
  const tokenOf = (user: User) => ApiToken.create(user, { name: 'robot', days: 1 })
  const token = await tokenOf(acme[who])
  const ask = (
    method: 'get' | 'post' | 'put' | 'delete',
    path = '',
    body?: object,
    headers: Record<string, string> = {}
  ) => {
    const request = client[method](`${home}${path}`).bearerToken(token)
    for (const [name, value] of Object.entries(headers)) request.header(name, value)
    return Promise.resolve(body ? request.json(body as never) : request)
  }
  return { acme, ask }
}

test.group('Webhooks over the API', (group) => {
  // What happened elsewhere would be told here, too.
  group.setup(emptyDatabase)
  group.each.teardown(emptyDatabase)
  group.each.setup(() => limiter.clear(['memory']))

  test('one is added, and its secret is told in that answer alone', async ({
    client,
    assert,
    cleanup,
  }) => {
    const { acme, ask } = await ground(client)
    const { url, received } = await listener(cleanup)
    const key = { 'idempotency-key': 'one-webhook' }
    const added = await ask('post', '', { url, kinds: ['created', 'failed'] }, key)
    added.assertStatus(201)
    const { uid, secret } = added.body().data
    assert.match(secret, /^whsec_/)
    for (const path of ['', `/${uid}`]) {
      const shown = await ask('get', path)
      shown.assertStatus(200)
      assert.include(shown.text(), url)
      assert.notInclude(shown.text(), 'whsec_')
    }
    const answers = await db.from('idempotency_keys')
    assert.isEmpty(answers)

    await ask('post', `/${uid}/pings`)
    await dispatch()
    await send()
    assert.equal(received[0]!.headers['webhook-signature'], signed(secret, received[0]!))
    assert.include(await auditActions(acme.organization.id), 'webhook.added')
  })

  test('another secret holds beside the old one for a day', async ({ client, assert, cleanup }) => {
    const { ask } = await ground(client)
    const { url, received } = await listener(cleanup)
    const added = await ask('post', '', { url, kinds: ['failed'] })
    const { uid, secret: old, old_secret_until: none } = added.body().data
    assert.isNull(none)
    const rotated = await ask('post', `/${uid}/rotations`)
    rotated.assertStatus(200)
    const { secret, old_secret_until: until } = rotated.body().data
    assert.notEqual(secret, old)
    assert.isAbove(Date.parse(until), Date.now() + 23 * 3_600_000)
    await ask('post', `/${uid}/pings`)
    await dispatch()
    await send()
    const [message] = received
    const signatures = message!.headers['webhook-signature']!.split(' ')
    assert.deepEqual(signatures, [signed(secret, message!), signed(old, message!)])
  })

  test('what it did not take is in its log with what was sent, and is sent once more', async ({
    client,
    assert,
    cleanup,
  }) => {
    const { ask } = await ground(client)
    let status = 500
    const { url, received } = await listener(cleanup, () => status)
    const { uid } = (await ask('post', '', { url, kinds: ['failed'] })).body().data
    await ask('post', `/${uid}/pings`)
    await dispatch()
    await send()
    const log = await ask('get', `/${uid}/deliveries?state=waiting`)
    const [row] = log.body().data
    assert.deepInclude(row, { type: 'webhook.ping', attempts: 1, status: 500, problem: 'status' })
    assert.isNotNull(row.next_attempt_at)
    const early = await ask('post', `/${uid}/deliveries/${row.uid}/redeliveries`)
    early.assertStatus(409)

    await db.from('webhook_deliveries').update({ state: 'failed', due_at: null })
    const shown = await ask('get', `/${uid}/deliveries/${row.uid}`)
    assert.equal(shown.body().data.body, received[0]!.body)
    status = 204
    const again = await ask('post', `/${uid}/deliveries/${row.uid}/redeliveries`)
    again.assertStatus(202)
    again.assertBodyContains({ data: { state: 'waiting', attempts: 0 } })
    await makeDue()
    await send()
    assert.equal(received[1]!.headers['webhook-id'], row.event)
    const after = await ask('get', `/${uid}/deliveries?state=delivered`)
    assert.lengthOf(after.body().data, 1)

    await db.from('webhook_deliveries').update({ state: 'failed', due_at: null })
    const all = await ask('post', `/${uid}/redeliveries`)
    all.assertStatus(202)
    assert.deepEqual(all.body().data, { deliveries: 1 })
  })

  test('one that was switched off is taken up again by changing it, and removed with its log', async ({
    client,
    assert,
  }) => {
    const { ask } = await ground(client)
    const facts = { url: 'https://hooks.example.com/portico', kinds: ['failed'] }
    const { uid } = (await ask('post', '', facts)).body().data
    await db.from('webhooks').update({ disabled_at: '2026-01-01 00:00:00' })
    const off = await ask('get', `/${uid}`)
    off.assertBodyContains({ data: { state: 'disabled' } })
    const changed = await ask('put', `/${uid}`, { ...facts, kinds: ['quota', 'expiry'] })
    changed.assertStatus(200)
    changed.assertBodyContains({
      data: { state: 'active', disabled_at: null, kinds: ['quota', 'expiry'] },
    })
    await ask('post', `/${uid}/pings`)
    await dispatch()
    const removed = await ask('delete', `/${uid}`)
    removed.assertStatus(204)
    const gone = await ask('get', `/${uid}`)
    gone.assertStatus(404)
    assert.isEmpty(await db.from('webhook_deliveries'))
  })

  test('an address within our own network is refused with the field named', async ({
    client,
    assert,
  }) => {
    const { ask } = await ground(client)
    for (const url of ['http://169.254.169.254/latest', 'https://10.0.0.1/x', 'no address']) {
      const refused = await ask('post', '', { url, kinds: ['failed'] })
      refused.assertStatus(422)
      const { field, errors } = refused.body()
      assert.equal(field ?? errors[0].field, 'url', url)
    }
    const nothing = await ask('post', '', { url: 'https://hooks.example.com', kinds: [] })
    nothing.assertStatus(422)
    assert.isEmpty(await db.from('webhooks'))
  })

  test('an operator has no business there', async ({ client }) => {
    const { ask } = await ground(client, 'operator')
    for (const refused of [
      await ask('get'),
      await ask('post', '', { url: 'https://hooks.example.com', kinds: ['failed'] }),
    ]) {
      refused.assertStatus(403)
    }
  })
})
