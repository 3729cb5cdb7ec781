import { test } from '@japa/runner'
import { DateTime } from 'luxon'
import db from '@adonisjs/lucid/services/db'
import { HttpContextFactory } from '@adonisjs/core/factories/http'
import { sessionLimits } from '#config/session'
import User from '#models/user'
import UserSession from '#models/user_session'
import SessionStore from '#services/session_store'
import { freshAccounts } from '#tests/support/accounts'
import { person } from '#tests/support/world'

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'

test.group('Sessions', (group) => {
  freshAccounts(group)

  test('are listed with their place, and can be ended one by one or all others', async ({
    client,
    assert,
  }) => {
    const user = await person()
    const here = await UserSession.open(user, { method: 'password' })
    const there = await UserSession.open(user, { method: 'passkey' })
    await there.merge({ userAgent: CHROME, ipAddress: '203.0.113.7' }).save()
    const third = await UserSession.open(user, { method: 'password' })
    user.currentSession = here

    const page = await client.get('/account/sessions').loginAs(user)
    page.assertTextIncludes('203.0.113.7')
    page.assertTextIncludes('Chrome on Windows')

    await client.delete(`/account/sessions/${there.uid}`).loginAs(user).withCsrfToken()
    await there.refresh()
    assert.isFalse(there.isOpen)
    await client.delete('/account/other-sessions').loginAs(user).withCsrfToken()
    await Promise.all([here.refresh(), third.refresh()])
    assert.deepEqual([here.isOpen, third.isOpen], [true, false])
  })

  test('of somebody else cannot be ended', async ({ client, assert }) => {
    const theirs = await UserSession.open(await person(), { method: 'password' })
    const answer = await client
      .delete(`/account/sessions/${theirs.uid}`)
      .loginAs(await person())
      .withCsrfToken()
    answer.assertStatus(404)
    await theirs.refresh()
    assert.isTrue(theirs.isOpen)
  })

  test('{title} is refused at its next request')
    .with([
      { title: 'one that was ended', change: () => ({ endedAt: DateTime.utc() }) },
      {
        title: 'one that was idle too long',
        change: () => ({ lastSeenAt: DateTime.utc().minus(sessionLimits.idleMs + 1000) }),
      },
      {
        title: 'one beyond the absolute limit',
        change: () => ({ expiresAt: DateTime.utc().minus({ seconds: 1 }) }),
      },
    ])
    .run(async ({ client, assert }, { change }) => {
      const user = await person()
      const session = await UserSession.open(user, { method: 'password' })
      await session.merge(change()).save()
      const answer = await client.get('/account/profile').loginAs(user).redirects(0)
      answer.assertHeader('location', '/sign-in')
      assert.isUndefined(answer.session('auth_web'))
    })

  test('a disabled user is signed out at once, everywhere', async ({ client, assert }) => {
    const user = await person()
    const session = await UserSession.open(user, { method: 'password' })
    await user.disable()
    const answer = await client.get('/account/profile').loginAs(user).redirects(0)
    answer.assertHeader('location', '/sign-in')
    await session.refresh()
    assert.isFalse(session.isOpen)
  })

  test('signing out ends the session and forgets what it held', async ({ client, assert }) => {
    const user = await person()
    const session = await UserSession.open(user, { method: 'password' })
    const answer = await client.post('/sign-out').loginAs(user).withCsrfToken().redirects(0)
    answer.assertHeader('location', '/sign-in')
    assert.isUndefined(answer.session('auth_web'))
    await session.refresh()
    assert.isFalse(session.isOpen)
  })

  test('changing the password keeps this session and ends the others', async ({
    client,
    assert,
  }) => {
    const user = await person()
    const other = await UserSession.open(user, { method: 'password' })
    const here = await UserSession.open(user, { method: 'password' })
    const password = 'eleven paper boats on a pond'
    await client
      .put('/account/password')
      .loginAs(user)
      .withCsrfToken()
      .form({ password, password_confirmation: password })
    await Promise.all([other.refresh(), here.refresh()])
    assert.deepEqual([here.isOpen, other.isOpen], [true, false])
    const changed = await User.findOrFail(user.id)
    assert.isTrue(await changed.verifyPassword(password))
  })
})

test.group('The store of sessions', (group) => {
  freshAccounts(group)

  test('reads session, user_sessions row and user in one query, and writes nothing for a page', async ({
    assert,
  }) => {
    const user = await person()
    const session = await UserSession.open(user, { method: 'password' })
    await storeOfRequest().store.write('id-1', { auth_web: session.id, note: 'kept' })

    const queries: string[] = []
    const count = ({ sql }: { sql: string }) => queries.push(sql)
    const knex = db.connection().getWriteClient()
    knex.on('query', count)
    const { store, ctx } = storeOfRequest()
    const data = await store.read('id-1')
    await store.touch('id-1')
    knex.removeListener('query', count)

    assert.deepEqual(data, { auth_web: session.id, note: 'kept' })
    assert.equal(ctx.resumedUser?.id, user.id)
    assert.equal(ctx.resumedUser?.currentSession?.id, session.id)
    assert.isTrue(ctx.resumedUser?.currentSession?.isOpen)
    assert.isTrue(ctx.resumedUser?.isVerified)
    assert.lengthOf(queries, 1)
  })

  test('keeps no session id in clear', async ({ assert }) => {
    await storeOfRequest().store.write('id-2', { note: 'a visitor' })
    const row = await db.from('sessions').firstOrFail()
    assert.notInclude(JSON.stringify(row), 'id-2')
  })

  test('a visitor stays for hours, somebody signed in until the absolute limit', async ({
    assert,
  }) => {
    const session = await UserSession.open(await person(), { method: 'password' })
    await storeOfRequest().store.write('visitor', { note: 'x' })
    await storeOfRequest().store.write('known', { auth_web: session.id })
    await db.from('sessions').update({ expires_at: '2020-01-01 00:00:00' })
    assert.isNull(await storeOfRequest().store.read('visitor'))
    assert.isNull(await storeOfRequest().store.read('known'))
    await UserSession.forgetExpired()
    assert.lengthOf(await db.from('sessions'), 0)
  })
})

function storeOfRequest() {
  const ctx = new HttpContextFactory().create()
  return { ctx, store: new SessionStore(ctx) }
}
