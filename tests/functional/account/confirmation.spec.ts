import { test } from '@japa/runner'
import { DateTime } from 'luxon'
import UserSession from '#models/user_session'
import { auditedActions, freshAccounts } from '#tests/support/accounts'
import { PASSWORD, person } from '#tests/support/world'

/** Somebody who signed in longer ago than identity stays proven. */
async function personOfLongAgo() {
  const user = await person()
  const session = await UserSession.open(user, { method: 'password' })
  await session.merge({ confirmedAt: DateTime.utc().minus({ minutes: 16 }) }).save()
  return { user, session }
}

test.group('Proving identity again', (group) => {
  freshAccounts(group)

  test('a page that needs it is reached after the password', async ({ client, assert }) => {
    const { user, session } = await personOfLongAgo()
    const asked = await client.get('/account/password?from=mail').loginAs(user).redirects(0)
    asked.assertHeader('location', '/account/confirm')
    const wrong = await client
      .post('/account/confirm')
      .withSession(asked.session())
      .withCsrfToken()
      .form({ password: 'not my password' })
      .redirects(0)
    assert.property(wrong.flashMessage('inputErrorsBag'), 'password')
    const right = await client
      .post('/account/confirm')
      .withSession(asked.session())
      .withCsrfToken()
      .form({ password: PASSWORD })
      .redirects(0)
    right.assertHeader('location', '/account/password?from=mail')
    await session.refresh()
    assert.isTrue(session.isConfirmed)
    assert.deepEqual(await auditedActions(), [
      'user.identity_confirmed refused',
      'user.identity_confirmed succeeded',
    ])
  })

  test('what was sent is not carried out; its form comes back filled in, without secrets', async ({
    client,
    assert,
  }) => {
    const { user } = await personOfLongAgo()
    const asked = await client
      .post('/account/api-tokens')
      .loginAs(user)
      .header('referer', '/account/api-tokens/create')
      .withCsrfToken()
      .form({ name: 'backup', days: 30, password: 'secret' })
      .redirects(0)
    asked.assertHeader('location', '/account/confirm')
    const right = await client
      .post('/account/confirm')
      .withSession(asked.session())
      .withCsrfToken()
      .form({ password: PASSWORD })
      .redirects(0)
    assert.equal(right.flashMessage('name'), 'backup')
    assert.isUndefined(right.flashMessage('password'))
  })

  test('a script is told so', async ({ client }) => {
    const { user } = await personOfLongAgo()
    const refused = await client
      .post('/account/api-tokens')
      .accept('json')
      .loginAs(user)
      .withCsrfToken()
    refused.assertStatus(403)
    refused.assertBodyContains({ error: { code: 'E_CONFIRMATION_NEEDED' } })
  })
})
