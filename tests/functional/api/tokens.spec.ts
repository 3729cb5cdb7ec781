import { test } from '@japa/runner'
import limiter from '@adonisjs/limiter/services/main'
import router from '@adonisjs/core/services/router'
import ApiToken from '#models/api_token'
import { SCOPES } from '#models/types'
import { freshAccounts } from '#tests/support/accounts'
import { person, world } from '#tests/support/world'

test.group('Bounds of an API token', (group) => {
  freshAccounts(group)
  group.each.setup(() => limiter.clear(['memory']))

  test('its scopes', async ({ client }) => {
    const { acme } = await world()
    const instance = await acme.instance('web-1')
    const token = await ApiToken.create(acme.owner, { name: 'x', days: 1, scopes: ['read'] })
    const home = `/api/v1/organizations/${acme.organization.slug}`
    const read = await client.get(`${home}/instances/${instance.uid}`).bearerToken(token)
    read.assertStatus(200)
    const stop = await client
      .post(`${home}/instances/${instance.uid}/power_state`)
      .bearerToken(token)
      .json({ action: 'stop' })
    stop.assertStatus(403)
    stop.assertBodyContains({ code: 'E_SCOPE_MISSING', scope: 'power' })
  })

  test('the addresses it is used from', async ({ client }) => {
    const user = await person()
    const bound = (allowedAddresses: string[]) =>
      ApiToken.create(user, { name: 'x', days: 1, allowedAddresses })
    const here = await client.get('/api/v1/me').bearerToken(await bound(['127.0.0.0/8', '::1']))
    here.assertStatus(200)
    const elsewhere = await client.get('/api/v1/me').bearerToken(await bound(['192.0.2.0/24']))
    elsewhere.assertStatus(401)
    elsewhere.assertBodyContains({ code: 'E_INVALID_API_TOKEN' })
  })

  test('its pace, which is its own', async ({ client, assert }) => {
    const user = await person()
    const slow = await ApiToken.create(user, { name: 'slow', days: 1, requestsPerMinute: 2 })
    const other = await ApiToken.create(user, { name: 'other', days: 1 })
    const ask = async (token: string) => client.get('/api/v1/me').bearerToken(token)
    const answers = [await ask(slow), await ask(slow), await ask(slow), await ask(other)]
    assert.deepEqual(
      answers.map((answer) => answer.status()),
      [200, 200, 429, 200]
    )
    assert.isNotEmpty(answers[2]!.header('retry-after'))
  })

  test('when and from where it was used is remembered', async ({ client, assert }) => {
    const user = await person()
    const token = await ApiToken.create(user, { name: 'x', days: 1 })
    await client.get('/api/v1/me').bearerToken(token)
    const [kept] = await ApiToken.all(user)
    assert.isNotNull(kept!.lastUsedAt)
    assert.match(kept!.lastUsedFrom!, /127\.0\.0\.1|::1/)
  })

  test('are chosen on its page, and told there', async ({ client, assert }) => {
    const user = await person()
    const made = await client
      .post('/account/api-tokens')
      .loginAs(user)
      .withCsrfToken()
      .form({
        name: 'backup',
        days: 30,
        scopes: ['read', 'snapshots'],
        allowed_addresses: '198.51.100.7',
        requests_per_minute: 60,
      })
      .redirects(0)
    made.assertStatus(302)
    const [kept] = await ApiToken.all(user)
    assert.deepEqual(kept!.abilities, ['read', 'snapshots'])
    assert.deepEqual(kept!.bounds, { allowedAddresses: ['198.51.100.7'], requestsPerMinute: 60 })
    const page = await client.get('/account/api-tokens').loginAs(user)
    page.assertTextIncludes('198.51.100.7')
    const none = await client
      .post('/account/api-tokens')
      .loginAs(user)
      .withCsrfToken()
      .form({ name: 'all', days: 30 })
      .redirects(0)
    assert.lengthOf(await ApiToken.all(user), 1, String(none.status()))
  })

  test('every route that a token opens says for which scope', ({ assert }) => {
    const without = Object.values(router.toJSON())
      .flat()
      .filter(({ middleware }) =>
        [...middleware.all()].some((one) => typeof one === 'object' && one.name === 'apiToken')
      )
      .filter(({ middleware }) => {
        const scopes = [...middleware.all()].filter(
          (one) => typeof one === 'object' && one.name === 'scope'
        )
        return scopes.length !== 1
      })
    assert.deepEqual(
      without.map(({ pattern }) => pattern),
      []
    )
    assert.isAbove(SCOPES.length, 0)
  })
})
