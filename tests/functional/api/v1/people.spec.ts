import { test } from '@japa/runner'
import limiter from '@adonisjs/limiter/services/main'
import mail from '@adonisjs/mail/services/main'
import testUtils from '@adonisjs/core/services/test_utils'
import db from '@adonisjs/lucid/services/db'
import type { ApiClient } from '@japa/api-client'
import InvitationMail from '#mails/invitation_mail'
import ApiToken from '#models/api_token'
import Invitation from '#models/invitation'
import UserSession from '#models/user_session'
import type { Scope } from '#models/types'
import type User from '#models/user'
import { issueBillingKey } from '#tests/support/billing'
import { world } from '#tests/support/world'

type Method = 'get' | 'post' | 'put' | 'delete'

async function ground(client: ApiClient) {
  const given = await world()
  const { acme } = given
  const as = async (user: User, scopes?: Scope[]) => {
    const token = await ApiToken.create(user, { name: 'robot', days: 1, scopes })
    return (method: Method, path: string, body?: object) => {
      const request = client[method](`/api/v1${path}`).bearerToken(token)
      request.header('accept-language', 'en')
      return Promise.resolve(body ? request.json(body as never) : request)
    }
  }
  const home = `/organizations/${acme.organization.slug}`
  return { ...given, home, as, ask: await as(acme.owner) }
}

test.group('People over the API', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())
  group.each.setup(() => limiter.clear(['memory']))
  group.each.setup(() => {
    mail.fake()
    return () => mail.restore()
  })

  test('somebody is invited by mail, joins, and gets another role', async ({ client, assert }) => {
    const { acme, globex, home, as, ask } = await ground(client)
    const { mails } = mail.fake()
    const email = globex.owner.email
    const invited = await ask('post', `${home}/invitations`, { email, role: 'viewer' })
    invited.assertStatus(201)
    assert.equal(invited.body().data.state, 'open')
    mails.assertQueued(InvitationMail)
    // What opens it stands in the mail alone.
    const { token_hash: hash } = await db.from('invitations').where({ email }).firstOrFail()
    assert.notInclude(invited.text(), hash)
    const twice = await ask('post', `${home}/invitations`, {
      email: acme.viewer.email,
      role: 'viewer',
    })
    assert.deepEqual([twice.status(), twice.body().code], [422, 'E_ALREADY_MEMBER'])

    const guest = await as(globex.owner)
    const [waiting] = (await guest('get', '/invitations')).body().data
    assert.equal(waiting.organization.slug, acme.organization.slug)
    const joined = await guest('post', `/invitations/${waiting.uid}/acceptance`)
    assert.deepEqual([joined.status(), joined.body().data.role], [200, 'viewer'])
    const { data: members } = (await ask('get', `${home}/members`)).body()
    const { uid } = members.find((each: { email: string }) => each.email === email)
    const changed = await ask('put', `${home}/members/${uid}`, { role: 'operator' })
    assert.equal(changed.body().data.role, 'operator')
    const left = await guest('delete', `${home}/membership`)
    left.assertStatus(204)
    const gone = await guest('get', home)
    gone.assertStatus(404)
  })

  test('an invitation is for whom it was sent to', async ({ client, assert }) => {
    const { acme, globex, as } = await ground(client)
    const order = { email: acme.owner.email, role: 'viewer' as const, invitedBy: globex.owner }
    const { invitation } = await globex.inside(() => Invitation.invite(globex.organization, order))
    const stranger = await as(acme.viewer)
    const answer = await stranger('post', `/invitations/${invitation.uid}/acceptance`)
    assert.deepEqual([answer.status(), answer.body().code], [404, 'E_NOT_FOUND'])
  })

  test('owners are made and unmade by owners, and the last one stays', async ({
    client,
    assert,
  }) => {
    const { acme, home, as, ask } = await ground(client)
    const { data } = (await ask('get', `${home}/members`)).body()
    const uidOf = ({ email }: User) =>
      data.find((each: { email: string }) => each.email === email).uid
    const admin = await as(acme.admin)
    const crowned = await admin('put', `${home}/members/${uidOf(acme.viewer)}`, { role: 'owner' })
    crowned.assertStatus(403)
    const removed = await admin('delete', `${home}/members/${uidOf(acme.owner)}`)
    removed.assertStatus(403)
    const last = await ask('delete', `${home}/membership`)
    assert.deepEqual([last.status(), last.body().code], [409, 'E_LAST_OWNER'])
  })

  test('members choose their mails; who may not sees only their own', async ({
    client,
    assert,
  }) => {
    const { acme, home, as, ask } = await ground(client)
    const viewer = await as(acme.viewer)
    const { data: own } = (await viewer('get', `${home}/notifications`)).body()
    assert.deepEqual(
      own.map(({ email }: { email: string }) => email),
      [acme.viewer.email]
    )
    const chosen = await viewer('put', `${home}/notifications/${own[0].member}`, {
      kinds: ['transfer'],
    })
    assert.deepEqual(chosen.body().data.kinds, ['transfer'])
    const { data: all } = (await ask('get', `${home}/notifications`)).body()
    assert.lengthOf(all, 4)
    const other = all.find(({ email }: { email: string }) => email === acme.admin.email)
    const foreign = await viewer('put', `${home}/notifications/${other.member}`, { kinds: [] })
    foreign.assertStatus(403)
    const wrong = await viewer('put', `${home}/notifications/${own[0].member}`, { kinds: ['all'] })
    assert.deepEqual([wrong.status(), wrong.body().code], [422, 'E_VALIDATION'])
  })

  test('sign-ins end, and a token may end itself but make none', async ({ client, assert }) => {
    const { acme, as } = await ground(client)
    const ask = await as(acme.owner, ['read', 'account'])
    const session = await UserSession.open(acme.owner, { method: 'password' })
    await UserSession.open(acme.owner, { method: 'password' })
    const foreign = await UserSession.open(acme.admin, { method: 'password' })
    const missing = await ask('delete', `/sessions/${foreign.uid}`)
    missing.assertStatus(404)
    await ask('delete', `/sessions/${session.uid}`)
    assert.lengthOf((await ask('get', '/sessions')).body().data, 1)
    await ask('delete', '/sessions')
    assert.lengthOf((await ask('get', '/sessions')).body().data, 0)
    await foreign.refresh()
    assert.isTrue(foreign.isOpen)

    const made = await ask('post', '/tokens', { name: 'another', days: 365 })
    made.assertStatus(404)
    const { data: tokens } = (await ask('get', '/tokens')).body()
    const mine = tokens.find(({ scopes }: { scopes: string[] }) => scopes.length === 2)
    await ask('delete', `/tokens/${mine.uid}`)
    const after = await ask('get', '/me')
    after.assertStatus(401)
  })

  test('an organization is made, renamed and dissolved', async ({ client, assert }) => {
    const { acme, ask, as } = await ground(client)
    const founded = await ask('post', '/organizations', { name: 'Wayne Hosting' })
    assert.deepEqual([founded.status(), founded.body().data.role], [201, 'owner'])
    const path = `/organizations/${founded.body().data.slug}`
    const taken = await ask('put', path, { name: 'Wayne', slug: acme.organization.slug })
    assert.deepEqual([taken.status(), taken.body().code], [422, 'E_SLUG_TAKEN'])
    const renamed = await ask('put', path, { name: 'Wayne', slug: 'wayne-hosting' })
    assert.equal(renamed.body().data.slug, 'wayne-hosting')
    const dissolved = await ask('delete', '/organizations/wayne-hosting')
    dissolved.assertStatus(204)
    const admin = await as(acme.admin)
    const refused = await admin('delete', `/organizations/${acme.organization.slug}`)
    refused.assertStatus(403)
  })

  test('billing keys are seen without what opens them, and ended', async ({ client, assert }) => {
    const { acme, home, ask } = await ground(client)
    const value = await issueBillingKey(acme)
    const list = await ask('get', `${home}/billing_keys`)
    const [key] = list.body().data
    assert.notInclude(list.text(), value)
    assert.isTrue(value.startsWith(key.prefix))
    const ended = await ask('delete', `${home}/billing_keys/${key.uid}`)
    ended.assertStatus(204)
    const refused = await client.get('/api/check').header('apikey', value)
    refused.assertStatus(401)
  })
})

test.group('Transfers over the API', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())
  group.each.setup(() => limiter.clear(['memory']))

  test('an instance is offered, declined, offered again and accepted', async ({
    client,
    assert,
  }) => {
    const { acme, globex, home, as, ask } = await ground(client)
    const { uid } = await acme.instance('web-1')
    const path = `${home}/instances/${uid}/transfer`
    const there = await as(globex.admin)
    const theirs = `/organizations/${globex.organization.slug}`
    assert.isNull((await ask('get', path)).body().data)
    const offer = () => ask('post', path, { organization: globex.organization.slug })
    const offered = await offer()
    assert.deepEqual(
      [offered.status(), offered.body().data.to.slug],
      [201, globex.organization.slug]
    )
    const declined = await there('delete', `${theirs}/transfers/${offered.body().data.uid}`)
    declined.assertStatus(204)
    const late = await ask('delete', path)
    assert.deepEqual([late.status(), late.body().code], [409, 'E_TRANSFER_CLOSED'])

    await offer()
    const [waiting] = (await there('get', `${theirs}/transfers`)).body().data
    assert.deepEqual([waiting.from.slug, waiting.instance.name], [acme.organization.slug, 'web-1'])
    const accepted = await there('post', `${theirs}/transfers/${waiting.uid}/acceptance`, {
      name: 'bought-1',
    })
    assert.deepEqual([accepted.status(), accepted.body().data.name], [200, 'bought-1'])
    const gone = await ask('get', `${home}/instances/${uid}`)
    gone.assertStatus(404)
  })

  test('nobody else sees an offer, and what is wrong with one is told', async ({
    client,
    assert,
  }) => {
    const { acme, globex, home, as, ask } = await ground(client)
    const { uid } = await acme.instance('web-1')
    const path = `${home}/instances/${uid}/transfer`
    const offered = await ask('post', path, { organization: globex.organization.slug })
    const own = await ask('get', `${home}/transfers/${offered.body().data.uid}`)
    own.assertStatus(404)
    const operator = await as(globex.operator)
    const seen = await operator('get', `/organizations/${globex.organization.slug}/transfers`)
    seen.assertStatus(403)
    for (const organization of ['nobody-there', acme.organization.slug]) {
      const answer = await ask('post', path, { organization })
      const { code, field } = answer.body()
      assert.deepEqual(
        [answer.status(), code, field],
        [422, 'E_NO_SUCH_ORGANIZATION', 'organization']
      )
    }
  })
})
