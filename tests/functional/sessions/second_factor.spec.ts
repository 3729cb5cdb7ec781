import { test } from '@japa/runner'
import { DateTime } from 'luxon'
import { Secret, TOTP } from 'otpauth'
import type { ApiClient } from '@japa/api-client'
import db from '@adonisjs/lucid/services/db'
import RecoveryCode from '#models/recovery_code'
import type User from '#models/user'
import { auditedActions, freshAccounts, mailsSent } from '#tests/support/accounts'
import { PASSWORD, person } from '#tests/support/world'

/** A person with an authenticator app; `code()` is what it shows, `codes` are the recovery codes. */
async function personWithApp() {
  const user = await person()
  const { secret } = await user.authenticator.begin()
  const app = new TOTP({ secret: Secret.fromBase32(secret) })
  await user.merge({ totpConfirmedAt: DateTime.utc() }).save()
  const codes = await db.transaction((trx) => RecoveryCode.renewFor(user, trx))
  return { user, codes, code: () => app.generate() }
}

async function passwordOf(client: ApiClient, user: User) {
  const response = await client
    .post('/sign-in')
    .withCsrfToken()
    .form({ email: user.email, password: PASSWORD })
    .redirects(0)
  response.assertHeader('location', '/sign-in/second-factor')
  return response
}

test.group('The second factor', (group) => {
  freshAccounts(group)

  test('the password alone does not sign in; the code of the app does, once', async ({
    client,
    assert,
  }) => {
    const { user, code } = await personWithApp()
    const half = await passwordOf(client, user)
    assert.isUndefined(half.session('auth_web'))
    const page = await client.get('/sign-in/second-factor').withSession(half.session())
    page.assertStatus(200)
    const send = (value: string) =>
      client
        .post('/sign-in/second-factor')
        .withSession(half.session())
        .withCsrfToken()
        .form({ code: value })
        .redirects(0)

    const shown = code()
    const whole = await send(shown)
    assert.isDefined(whole.session('auth_web'))
    assert.isUndefined(whole.session('pending_sign_in'))
    const repeated = await send(shown)
    assert.isUndefined(repeated.session('auth_web'))
    assert.property(repeated.flashMessage('inputErrorsBag'), 'code')
    assert.deepEqual(await auditedActions(), [
      'user.signed_in succeeded',
      'user.second_factor_failed refused',
    ])
  })

  test('of two who use a code at the same moment one gets in', async ({ client, assert }) => {
    const { user, code } = await personWithApp()
    const half = await passwordOf(client, user)
    const shown = code()
    const both = await Promise.all(
      [1, 2].map(() =>
        client
          .post('/sign-in/second-factor')
          .withSession(half.session())
          .withCsrfToken()
          .form({ code: shown })
          .redirects(0)
      )
    )
    assert.lengthOf(
      both.filter((response) => response.session('auth_web') !== undefined),
      1
    )
  })

  test('a recovery code works once, however it is typed, and its owner is told', async ({
    client,
    assert,
  }) => {
    const { user, codes } = await personWithApp()
    const typed = codes[3]!.toUpperCase().replaceAll('-', ' ')
    const half = await passwordOf(client, user)
    const send = () =>
      client
        .post('/sign-in/second-factor')
        .withSession(half.session())
        .withCsrfToken()
        .form({ recovery_code: typed })
        .redirects(0)
    const [first, second] = [await send(), await send()]
    assert.isDefined(first.session('auth_web'))
    assert.isUndefined(second.session('auth_web'))
    assert.equal(await RecoveryCode.leftOf(user), 9)
    assert.include(mailsSent()[0]!.text, '9')
  })

  test('guesses are limited for the account, from wherever they come', async ({ client }) => {
    const { user } = await personWithApp()
    const half = await passwordOf(client, user)
    const guess = () =>
      client
        .post('/sign-in/second-factor')
        .withSession(half.session())
        .withCsrfToken()
        .form({ code: '000000' })
        .redirects(0)
    for (let i = 0; i < 8; i++) await guess()
    const refused = await guess()
    refused.assertStatus(429)
  })

  test('whoever has not given the password is sent back to the beginning', async ({ client }) => {
    const page = await client.get('/sign-in/second-factor').redirects(0)
    page.assertHeader('location', '/sign-in')
    const late = await client
      .get('/sign-in/second-factor')
      .withSession({ pending_sign_in: { userId: 1, at: Date.now() - 11 * 60_000 } })
      .redirects(0)
    late.assertHeader('location', '/sign-in')
  })
})
