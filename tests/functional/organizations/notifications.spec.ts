import { test } from '@japa/runner'
import testUtils from '@adonisjs/core/services/test_utils'
import db from '@adonisjs/lucid/services/db'
import Membership from '#models/membership'
import { deliveryOf } from '#tests/support/webhooks'
import { world } from '#tests/support/world'

test.group('Notifications of an organization', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())

  test('members choose for themselves, admins for all', async ({ client, assert }) => {
    const { acme } = await world()
    const own = (await Membership.of(acme.viewer.id, acme.organization.slug))!
    const other = (await Membership.of(acme.operator.id, acme.organization.slug))!
    const choose = (uid: string, by: typeof acme.viewer) =>
      client
        .put(`${acme.path}/notifications/${uid}`)
        .form({ kinds: ['created', 'quota'] })
        .withCsrfToken()
        .loginAs(by)
        .redirects(0)
    const chosen = await choose(own.uid, acme.viewer)
    chosen.assertStatus(302)
    assert.lengthOf(await db.from('notice_preferences').where('by_mail', true), 2)
    const refused = await choose(other.uid, acme.viewer)
    refused.assertStatus(403)
    const byAdmin = await choose(other.uid, acme.admin)
    byAdmin.assertStatus(302)
    const page = await client.get(`${acme.path}/notifications`).loginAs(acme.viewer)
    page.assertStatus(200)
    page.assertTextIncludes(acme.viewer.email)
    for (const untold of ['Webhook', acme.operator.email]) assert.notInclude(page.text(), untold)
    const list = await client.get(`${acme.path}/notifications`).loginAs(acme.admin)
    list.assertTextIncludes(acme.operator.email)
  })

  test('a webhook is added, its secret shown once and kept sealed, and it is pinged', async ({
    client,
    assert,
  }) => {
    const { acme } = await world()
    const url = 'https://hooks.example.com/portico'
    const added = await client
      .post(`${acme.path}/webhooks`)
      .form({ url, kinds: 'created' })
      .withCsrfToken()
      .loginAs(acme.admin)
    const [, secret] = /(whsec_[\w+/=]+)/.exec(added.text())!
    const row = await db.from('webhooks').firstOrFail()
    assert.notInclude(row.secrets_encrypted, secret!)
    const path = `${acme.path}/webhooks/${row.uid}`
    await client.post(`${path}/pings`).withCsrfToken().loginAs(acme.admin).redirects(0)
    assert.lengthOf(await db.from('notices').where('webhook_id', row.id), 1)
    const page = await client.get(path).loginAs(acme.admin)
    page.assertTextIncludes(url)
    assert.notInclude(page.text(), 'whsec_')
    const list = await client.get(`${acme.path}/notifications`).loginAs(acme.admin)
    list.assertTextIncludes(url)
  })

  test('the log tells what became of each delivery, and sends it again', async ({
    client,
    assert,
  }) => {
    const { acme } = await world()
    const { webhook, delivery } = await acme.inside(() => deliveryOf(acme.organization, acme.owner))
    const row = () => db.from('webhook_deliveries').where('uid', delivery.uid)
    await row().update({ state: 'failed', due_at: null, status: 503, problem: 'status' })
    const path = `${acme.path}/webhooks/${webhook.uid}`
    const get = (address: string) => client.get(address).loginAs(acme.admin)
    const post = (address: string) =>
      client.post(address).withCsrfToken().loginAs(acme.admin).redirects(0)
    const page = await get(`${path}?state=failed`)
    page.assertTextIncludes(delivery.uid)
    page.assertTextIncludes('503')
    const others = await get(`${path}?state=delivered`)
    assert.notInclude(others.text(), delivery.uid)
    const one = await get(`${path}/deliveries/${delivery.uid}`)
    one.assertTextIncludes('webhook.ping')
    const again = await post(`${path}/deliveries/${delivery.uid}/redeliveries`)
    again.assertStatus(302)
    assert.equal((await row().firstOrFail()).state, 'waiting')
    await row().update({ state: 'failed', due_at: null })
    const all = await post(`${path}/redeliveries`)
    all.assertStatus(302)
    assert.equal((await row().firstOrFail()).state, 'waiting')
  })

  test('a delivery is found at its own endpoint only', async ({ client }) => {
    const { acme } = await world()
    const { delivery } = await acme.inside(() => deliveryOf(acme.organization, acme.owner))
    const { webhook } = await acme.inside(() => deliveryOf(acme.organization, acme.owner))
    const path = `${acme.path}/webhooks/${webhook.uid}/deliveries/${delivery.uid}`
    const response = await client.get(path).loginAs(acme.admin)
    response.assertStatus(404)
  })

  test('one that leads inside is refused at its field', async ({ client, assert }) => {
    const { acme } = await world()
    const refused = await client
      .post(`${acme.path}/webhooks`)
      .form({ url: 'https://192.168.0.1/', kinds: 'created' })
      .accept('json')
      .withCsrfToken()
      .loginAs(acme.admin)
    refused.assertStatus(422)
    assert.equal(refused.body().error.field, 'url')
  })
})
