import { test } from '@japa/runner'
import ApiToken from '#models/api_token'
import { auditedActions, freshAccounts, mailsSent } from '#tests/support/accounts'
import { world, person } from '#tests/support/world'

test.group('API tokens', (group) => {
  freshAccounts(group)

  test('are shown once, kept as a hash, and open the JSON API', async ({ client, assert }) => {
    const { acme } = await world()
    const created = await client
      .post('/account/api-tokens')
      .loginAs(acme.owner)
      .withCsrfToken()
      .form({ name: 'backup', days: 30, scopes: ['read'] })
      .redirects(0)
    assert.notInclude(JSON.stringify(created.session()), 'ptc_')
    const shown = await client.get('/account/api-tokens').withSession({
      ...created.session(),
      __flash__: created.flashMessages(),
    })
    const token = shown.text().match(/ptc_[\w.-]+/)?.[0]
    assert.isDefined(token)
    const later = await client.get('/account/api-tokens').loginAs(acme.owner)
    assert.notInclude(later.text(), token!)

    const me = await client.get('/api/v1/me').bearerToken(token!)
    me.assertStatus(200)
    me.assertBodyContains({ data: { email: acme.owner.email } })
    assert.isUndefined(me.cookie('portico_session'))
    const [kept] = await ApiToken.all(acme.owner)
    assert.isNotNull(kept!.lastUsedAt)
    assert.include(await auditedActions(), 'user.token_created succeeded')
    assert.equal(mailsSent()[0]!.kind, 'SecurityNoticeMail')
  })

  test('open no page of the browser, and a browser session opens no JSON route', async ({
    client,
  }) => {
    const user = await person()
    const token = await ApiToken.create(user, { name: 'x', days: 7 })
    const page = await client.get('/account/profile').bearerToken(token).redirects(0)
    page.assertHeader('location', '/sign-in')
    const api = await client.get('/api/v1/me').loginAs(user)
    api.assertStatus(401)
    api.assertHeader('www-authenticate', 'Bearer')
  })

  test('{title} is refused')
    .with([
      { title: 'none at all', spoil: async () => '' },
      {
        title: 'a revoked one',
        spoil: async (user: Awaited<ReturnType<typeof person>>, token: string) => {
          const [kept] = await ApiToken.all(user)
          await ApiToken.revoke(user, ApiToken.handleOf(kept!))
          return token
        },
      },
      {
        title: 'that of a disabled user',
        spoil: async (user: Awaited<ReturnType<typeof person>>, token: string) => {
          await user.disable()
          return token
        },
      },
    ])
    .run(async ({ client }, { spoil }) => {
      const user = await person()
      const token = await ApiToken.create(user, { name: 'x', days: 7 })
      const answer = await client.get('/api/v1/me').bearerToken(await spoil(user, token))
      answer.assertStatus(401)
      answer.assertBodyContains({ code: 'E_INVALID_API_TOKEN' })
    })

  test('refusals of the JSON API are JSON, whatever the program says it accepts', async ({
    client,
  }) => {
    const absent = await client.get('/api/v1/nothing').accept('html')
    absent.assertStatus(404)
    absent.assertBodyContains({ status: 404, code: 'E_NOT_FOUND' })
  })

  test('of somebody else cannot be revoked', async ({ client, assert }) => {
    const owner = await person()
    await ApiToken.create(owner, { name: 'x', days: 7 })
    const [kept] = await ApiToken.all(owner)
    const answer = await client
      .delete(`/account/api-tokens/${ApiToken.handleOf(kept!)}`)
      .loginAs(await person())
      .withCsrfToken()
    answer.assertStatus(404)
    assert.lengthOf(await ApiToken.all(owner), 1)
  })
})
