import { readFileSync } from 'node:fs'
import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'
import db from '@adonisjs/lucid/services/db'
import mail from '@adonisjs/mail/services/main'
import WebhookDelivery from '#models/webhook_delivery'
// @ts-expect-error a plain script, as a receiver has it
import { isFromPortico } from '../../../resources/webhooks/verify.mjs'
import { emptyDatabase } from '#tests/support/test_database'
import {
  dispatch,
  endpoint,
  listener,
  makeDue,
  noticeTypes,
  send,
  signed,
} from '#tests/support/webhooks'
import { world } from '#tests/support/world'

const deliveries = () => db.from('webhook_deliveries').orderBy('id')

test.group('Webhooks', (group) => {
  // Other specs leave what happened in them.
  group.setup(emptyDatabase)
  group.each.teardown(emptyDatabase)
  group.each.setup(() => {
    mail.fake()
    return () => mail.restore()
  })

  test('an endpoint is told, signed, with the id by which it knows a repetition', async ({
    assert,
    cleanup,
  }) => {
    const { acme } = await world()
    const { url, received } = await listener(cleanup)
    const { webhook, secret } = await endpoint(acme, url)
    await acme.inside(() => webhook.ping())
    await dispatch()
    assert.equal(await send(), 1)
    const { headers, body } = received[0]!
    const notice = await db.from('notices').firstOrFail()
    assert.equal(headers['webhook-id'], notice.uid)
    assert.deepInclude(JSON.parse(body), { type: 'webhook.ping', data: { webhook: webhook.uid } })
    assert.equal(headers['webhook-signature'], signed(secret, received[0]!))
    assert.isTrue(isFromPortico(secret, headers, body))
    assert.isFalse(isFromPortico(secret, headers, `${body} `))
    assert.isFalse(isFromPortico(secret, { ...headers, 'webhook-timestamp': '1' }, body))
    assert.isFalse(isFromPortico(secret, { ...headers, 'webhook-id': 'vother' }, body))
    assert.isFalse(isFromPortico(secret, {}, body))
    const [delivery] = await deliveries()
    assert.equal(delivery.state, 'delivered')
  })

  test('the example of the guide is signed as it says', ({ assert }) => {
    const guide = readFileSync(app.makePath('docs/guides/webhooks.md'), 'utf8')
    const [, secret] = /`(whsec_[^`]+)`/.exec(guide)!
    const [, head, body] = /```\n(webhook-id[^{]+)\n\n(\{.+\})\n```/.exec(guide)!
    const headers = Object.fromEntries(head!.split('\n').map((line) => line.split(': ')))
    assert.equal(headers['webhook-signature'], signed(secret!, { headers, body: body! }))
    const sentAt = Math.floor(Date.now() / 1_000)
    const timestamp = { 'webhook-timestamp': String(sentAt) }
    assert.isFalse(isFromPortico(secret, { ...headers, ...timestamp }, body), 'of another moment')
  })

  test('only what an endpoint asked for is sent there, a test always', async ({ assert }) => {
    const { acme, globex } = await world()
    const { webhook } = await endpoint(acme, 'https://hooks.example.com/', ['quota'])
    await endpoint(acme, 'https://all.example.com/')
    await endpoint(globex, 'https://globex.example.com/')
    await acme.instance('web-1')
    await acme.inside(() => webhook.ping())
    await dispatch()
    const rows = await db
      .from('webhook_deliveries')
      .join('webhooks', 'webhooks.id', 'webhook_deliveries.webhook_id')
      .join('notices', 'notices.id', 'webhook_deliveries.notice_id')
      .orderBy('webhook_deliveries.id')
      .select('url', 'type')
    assert.deepEqual(
      rows.map(({ url, type }) => `${type} ${url}`),
      ['instance.created https://all.example.com/', 'webhook.ping https://hooks.example.com/']
    )
  })

  test('after a change of secret both sign for a day', async ({ assert, cleanup }) => {
    const { acme } = await world()
    const { url, received } = await listener(cleanup)
    const { webhook, secret } = await endpoint(acme, url)
    const next = await acme.inside(() => webhook.rotate())
    await acme.inside(() => webhook.ping())
    await dispatch()
    await send()
    const [one] = received
    assert.equal(one!.headers['webhook-signature'], `${signed(next, one!)} ${signed(secret, one!)}`)
    for (const known of [secret, next]) {
      assert.isTrue(isFromPortico(known, one!.headers, one!.body))
    }
  })

  test('what does not arrive is tried again later, and can be sent once more by hand', async ({
    assert,
    cleanup,
  }) => {
    const { acme } = await world()
    const answers = [500, 204]
    const { url, received } = await listener(cleanup, () => answers.shift() ?? 204)
    const { webhook } = await endpoint(acme, url)
    await acme.inside(() => webhook.ping())
    await dispatch()
    await send()
    const [first] = await deliveries()
    assert.deepInclude(first, { state: 'waiting', attempts: 1, status: 500, problem: 'status' })
    assert.isAbove(Number(first.due_at), Date.now())
    assert.equal(await send(), 0)
    await makeDue()
    await send()
    const [last] = await deliveries()
    assert.deepInclude(last, { state: 'delivered', attempts: 2 })
    assert.isNull((await db.from('webhooks').firstOrFail()).failing_since)
    const delivery = await acme.inside(() => WebhookDelivery.query().firstOrFail())
    await acme.inside(() => delivery.repeat(webhook))
    await assert.rejects(() => acme.inside(() => delivery.repeat(webhook)), 'E_NOT_POSSIBLE_NOW')
    await send()
    assert.lengthOf(received, 3)
    assert.lengthOf(new Set(received.map(({ headers }) => headers['webhook-id'])), 1)
    assert.lengthOf(new Set(received.map(({ body }) => body)), 1)
  })

  test('after the last attempt it has failed, and all that failed are sent again together', async ({
    assert,
    cleanup,
  }) => {
    const { acme } = await world()
    let status = 503
    const { url, received } = await listener(cleanup, () => status)
    const { webhook } = await endpoint(acme, url)
    for (let count = 0; count < 2; count++) await acme.inside(() => webhook.ping())
    await dispatch()
    await db.from('webhook_deliveries').update({ attempts: 9 })
    await send()
    await send()
    assert.deepEqual(
      (await deliveries()).map(({ state, due_at }) => [state, due_at]),
      [
        ['failed', null],
        ['failed', null],
      ]
    )
    status = 204
    assert.equal(await acme.inside(() => WebhookDelivery.repeatFailed(webhook)), 2)
    assert.equal(await send(), 2)
    assert.lengthOf(received, 4)
    assert.equal(await acme.inside(() => WebhookDelivery.repeatFailed(webhook)), 0)
  })

  test('an endpoint that does not answer holds nobody up, and is not hammered', async ({
    assert,
    cleanup,
  }) => {
    const { acme, globex } = await world()
    const dead = await listener(cleanup, () => 500)
    const living = await listener(cleanup)
    const { webhook: broken } = await endpoint(acme, dead.url)
    const { webhook: sound } = await endpoint(globex, living.url)
    for (let count = 0; count < 5; count++) {
      await acme.inside(() => broken.ping())
      await globex.inside(() => sound.ping())
    }
    await dispatch()
    assert.equal(await send(), 5)
    assert.lengthOf(living.received, 5)
    assert.lengthOf(dead.received, 1)
  })

  test('an endpoint is told in the order of what happened', async ({ assert, cleanup }) => {
    const { acme } = await world()
    const { url, received } = await listener(cleanup)
    const { webhook } = await endpoint(acme, url)
    for (let count = 0; count < 4; count++) await acme.inside(() => webhook.ping())
    await dispatch()
    await send()
    const notices = await db.from('notices').orderBy('id')
    assert.deepEqual(
      received.map(({ headers }) => headers['webhook-id']),
      notices.map(({ uid }) => uid)
    )
  })

  test('a delivery that two workers see is sent by one', async ({ assert, cleanup }) => {
    const { acme } = await world()
    const { url, received } = await listener(cleanup)
    const { webhook } = await endpoint(acme, url)
    await acme.inside(() => webhook.ping())
    await dispatch()
    const seen = () => acme.inside(() => WebhookDelivery.query().firstOrFail())
    const twins = [await seen(), await seen()]
    const sent = await Promise.all(twins.map((twin) => acme.inside(() => twin.send())))
    assert.sameMembers(sent, ['taken', 'by nobody here'])
    assert.lengthOf(received, 1)
  })

  test('an endpoint that takes nothing for days is switched off, and people are told', async ({
    assert,
    cleanup,
  }) => {
    const { acme } = await world()
    const { url } = await listener(cleanup, () => 500)
    const { webhook } = await endpoint(acme, url)
    await db.from('webhooks').update({ failing_since: '2020-01-01 00:00:00' })
    await acme.inside(() => webhook.ping())
    await dispatch()
    await send()
    assert.deepEqual(await noticeTypes(), ['webhook.ping', 'webhook.disabled'])
    const [delivery] = await deliveries()
    assert.equal(delivery.state, 'failed')
    await acme.inside(() => webhook.refresh())
    assert.isNotNull(webhook.disabledAt)
    await assert.rejects(
      () => acme.inside(() => WebhookDelivery.repeatFailed(webhook)),
      'E_NOT_POSSIBLE_NOW'
    )
    await acme.inside(() => webhook.change({ url, kinds: ['created'] }))
    assert.isNull(webhook.disabledAt)
  })

  test('{url} is refused')
    .with([
      { url: 'ftp://example.com/' },
      { url: 'https://user:secret@example.com/' },
      { url: 'https://10.0.0.1/' },
      { url: 'https://169.254.169.254/latest/meta-data' },
      { url: 'https://0x7f000002/' },
      { url: 'https://100.64.0.1/' },
      { url: 'https://[::1]/' },
      { url: 'https://[fd00::1]/' },
      { url: 'https://[fe80::1]/' },
      { url: 'https://[::ffff:10.0.0.1]/' },
      { url: 'https://[64:ff9b::a00:1]/' },
      { url: 'https://[2002:a00:1::]/' },
      { url: 'https://0x7f.1.1.1:8443@example.com/' },
      { url: 'http://10.0.0.1/' },
    ])
    .run(async ({ assert }, { url }) => {
      const { acme } = await world()
      await assert.rejects(() => endpoint(acme, url), 'E_WEBHOOK_ADDRESS_REFUSED')
    })

  test('an organization has a number of them at most', async ({ assert }) => {
    const { acme } = await world()
    const add = () => endpoint(acme, 'https://hooks.example.com/')
    for (let count = 0; count < 20; count++) await add()
    await assert.rejects(add, 'E_TOO_MANY_WEBHOOKS')
  })
})
