import { decodeJwt, SignJWT } from 'jose'
import { test } from '@japa/runner'
import { apiLogin } from '#config/api'
import { appUrl } from '#config/app'
import ApiToken from '#models/api_token'
import User from '#models/user'
import { auditedActions, freshAccounts, mailsSent } from '#tests/support/accounts'
import { finish, PASSWORD, person, world } from '#tests/support/world'
import Operation from '#models/operation'

const CREDENTIALS = { username: 'wang.xiaoming', password: 'ru4-vexing-lanterns' }

test.group('Accounts over the API', (group) => {
  freshAccounts(group)

  test('are made by a name, sign in by it and have a place of their own', async ({
    client,
    assert,
  }) => {
    const made = await client.post('/api/auth/register').json(CREDENTIALS)
    made.assertStatus(201)
    made.assertBody({ msg: 'User created' })
    const again = await client
      .post('/api/auth/register')
      .json({ ...CREDENTIALS, username: 'Wang.Xiaoming' })
    again.assertStatus(400)
    again.assertBody({ msg: 'User already exists' })
    const login = await client.post('/api/auth/login').json(CREDENTIALS)
    login.assertStatus(200)
    assert.deepEqual(Object.keys(login.body()), ['access_token'])
    const servers = await client.get('/api/os/servers').bearerToken(login.body().access_token)
    servers.assertStatus(200)
    servers.assertBody([])
    assert.include(await auditedActions(), 'user.api_signed_in succeeded')
    const user = await User.findByOrFail('username', CREDENTIALS.username)
    assert.lengthOf(await user.related('memberships').query(), 1)
  })

  test('send no mail to nobody, and prove an address before they sign in', async ({
    client,
    assert,
  }) => {
    await client.post('/api/auth/register').json(CREDENTIALS)
    assert.lengthOf(mailsSent(), 0)
    const other = { ...CREDENTIALS, username: 'li-si', email: 'lisi@example.com' }
    const made = await client.post('/api/auth/register').json(other)
    made.assertStatus(201)
    assert.includeMembers(
      mailsSent().map(({ kind }) => kind),
      ['ConfirmEmailMail']
    )
    const login = await client.post('/api/auth/login').json(other)
    login.assertStatus(401)
  })

  test("do not tell whose address has an account: only its owner's mail differs", async ({
    client,
    assert,
  }) => {
    const owner = await person()
    const order = { ...CREDENTIALS, email: owner.email }
    const made = await client.post('/api/auth/register').json(order)
    made.assertStatus(201)
    const login = await client.post('/api/auth/login').json(order)
    login.assertStatus(401)
    assert.include(
      mailsSent().map(({ kind }) => kind),
      'AccountExistsMail'
    )
  })

  test('refuse {title}')
    .with([
      { title: 'a short password', change: { password: 'short' } },
      { title: 'a common password', change: { password: 'password1234' } },
      { title: 'a name that looks like an address', change: { username: 'a@example.com' } },
      { title: 'no name', change: { username: '' } },
    ])
    .run(async ({ client, assert }, { change }) => {
      const made = await client.post('/api/auth/register').json({ ...CREDENTIALS, ...change })
      made.assertStatus(400)
      assert.deepEqual(Object.keys(made.body()), ['msg'])
      assert.isEmpty(await User.query())
    })

  test('are closed where the switch says so', async ({ client, cleanup }) => {
    const { isRegistrationOpen } = apiLogin
    cleanup(() => void (apiLogin.isRegistrationOpen = isRegistrationOpen))
    apiLogin.isRegistrationOpen = false
    const made = await client.post('/api/auth/register').json(CREDENTIALS)
    made.assertStatus(403)
  })

  test('answer a wrong name like a wrong password, and wait after too many', async ({
    client,
    assert,
  }) => {
    const user = await person()
    const ask = async (username: string, password: string) =>
      client.post('/api/auth/login').json({ username, password })
    const wrong = await ask(user.email, 'wrong')
    const nobody = await ask('nobody', 'wrong')
    assert.deepEqual([wrong.status(), wrong.body()], [401, { msg: 'Bad username or password' }])
    assert.deepEqual([nobody.status(), nobody.body()], [401, wrong.body()])
    for (let count = 0; count < 9; count++) await ask(user.email, 'wrong')
    const locked = await ask(user.email, PASSWORD)
    locked.assertStatus(429)
  })

  test('ask for the code where the portal asks for one', async ({ client }) => {
    const user = await person()
    await user.authenticator.begin()
    await user.merge({ totpConfirmedAt: user.createdAt }).save()
    const login = await client
      .post('/api/auth/login')
      .json({ username: user.email, password: PASSWORD })
    login.assertStatus(401)
    const wrong = await client
      .post('/api/auth/login')
      .json({ username: user.email, password: PASSWORD, code: '000000' })
    wrong.assertStatus(401)
  })
})

test.group('Tokens of a sign-in over the API', (group) => {
  freshAccounts(group)

  async function signedIn(client: {
    post(path: string): { json(body: object): PromiseLike<{ body(): { access_token: string } }> }
  }) {
    const user = await person()
    const login = await client
      .post('/api/auth/login')
      .json({ username: user.email, password: PASSWORD })
    return { user, token: login.body().access_token }
  }

  test('end before their time when their row goes, or their owner', async ({ client, assert }) => {
    const { user, token } = await signedIn(client as never)
    const ask = async () => (await client.get('/api/os/servers').bearerToken(token)).status()
    assert.equal(await ask(), 200)
    const [login] = await ApiToken.logins(user)
    const page = await client.get('/account/api-tokens').loginAs(user)
    page.assertTextIncludes(ApiToken.handleOf(login!))
    await client
      .delete(`/account/api-tokens/${ApiToken.handleOf(login!)}`)
      .loginAs(user)
      .withCsrfToken()
      .redirects(0)
    assert.equal(await ask(), 401)
  })

  test('open neither /api/v1 nor a page', async ({ client }) => {
    const { token } = await signedIn(client as never)
    const api = await client.get('/api/v1/me').bearerToken(token)
    api.assertStatus(401)
    const page = await client.get('/account/profile').bearerToken(token).redirects(0)
    page.assertHeader('location', '/sign-in')
  })

  test('are refused when {title}')
    .with([
      { title: 'they name no algorithm', forge: forgedWith({ alg: 'none' }) },
      { title: 'they are signed with another key', forge: resigned({ key: 'x'.repeat(32) }) },
      { title: 'they are signed by another algorithm', forge: resigned({ alg: 'HS512' }) },
      { title: 'they are for somebody else', forge: resigned({ audience: 'another' }) },
      { title: 'their time is over', forge: resigned({ expiresAt: 1 }) },
      { title: 'they never end', forge: resigned({ expiresAt: null }) },
    ])
    .run(async ({ client }, { forge }) => {
      const { token } = await signedIn(client as never)
      const answer = await client.get('/api/os/servers').bearerToken(await forge(token))
      answer.assertStatus(401)
    })
})

test.group('Servers over the API', (group) => {
  freshAccounts(group)

  test('are listed and started as the page for them asks', async ({ client, assert }) => {
    const { acme, globex } = await world()
    const instance = await acme.instance('web-1')
    await globex.instance('not-mine')
    const login = await client
      .post('/api/auth/login')
      .json({ username: acme.owner.email, password: PASSWORD })
    const token = login.body().access_token
    const list = async () => (await client.get('/api/os/servers').bearerToken(token)).body()
    assert.deepEqual(await list(), [{ id: instance.uid, name: 'web-1', status: 'ACTIVE' }])
    const act = async (id: string, action: unknown) =>
      client.post(`/api/os/servers/${id}/action`).bearerToken(token).json({ action })
    const stop = await act(instance.uid, 'stop')
    stop.assertStatus(200)
    assert.equal(stop.body().msg, 'Action performed')
    const busy = await act(instance.uid, 'start')
    busy.assertStatus(409)
    const operation = await acme.inside(() => Operation.query().orderBy('id', 'desc').firstOrFail())
    await finish(operation)
    assert.equal((await list())[0].status, 'SHUTOFF')
    for (const action of ['explode', undefined, ['start']]) {
      const invalid = await act(instance.uid, action)
      invalid.assertStatus(400)
      invalid.assertBody({ msg: 'Invalid action' })
    }
  })

  test('of somebody else are like servers that are not, and a role bounds what one may', async ({
    client,
    assert,
  }) => {
    const { acme, globex, staff } = await world()
    const instance = await acme.instance('web-1')
    const ask = async (user: User, id: string, action: string) => {
      const token = await ApiToken.create(user, { name: 'x', days: 1 })
      return client.post(`/api/os/servers/${id}/action`).bearerToken(token).json({ action })
    }
    const theirs = await ask(globex.owner, instance.uid, 'stop')
    const nobodys = await ask(globex.owner, 'never-was', 'stop')
    assert.deepEqual([theirs.status(), theirs.body()], [404, nobodys.body()])
    const viewer = await ask(acme.viewer, instance.uid, 'stop')
    viewer.assertStatus(403)
    const operator = await ask(acme.operator, instance.uid, 'delete')
    operator.assertStatus(403)
    const administrator = await staff('admin')
    const token = await ApiToken.create(administrator, { name: 'x', days: 1 })
    const all = await client.get('/api/os/servers').bearerToken(token)
    assert.deepEqual(
      all.body().map(({ name }: { name: string }) => name),
      ['web-1']
    )
  })
})

type Change = { alg?: string; key?: string; audience?: string; expiresAt?: number | null }

/** The same claims, signed otherwise. */
function resigned(change: Change) {
  return async (token: string) => {
    const { jti, sub, exp } = decodeJwt(token)
    const { alg = 'HS256', key, audience = 'portico-api', expiresAt = exp } = change
    const signing = new SignJWT({ jti, sub })
      .setProtectedHeader({ alg })
      .setIssuer(appUrl)
      .setAudience(audience)
    if (expiresAt !== null) signing.setExpirationTime(expiresAt!)
    const secret = key ? new TextEncoder().encode(key) : apiLogin.key
    return signing.sign(alg === 'HS512' ? Buffer.concat([secret, secret]) : secret)
  }
}

function forgedWith(header: { alg: string }) {
  return async (token: string) => {
    const [, payload] = token.split('.')
    return `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}.AA`
  }
}
