import { test } from '@japa/runner'
import { DateTime } from 'luxon'
import Membership from '#models/membership'
import User from '#models/user'
import { auditedActions, freshAccounts, linkIn, mailsSent } from '#tests/support/accounts'
import { person } from '#tests/support/world'

const PASSWORD = 'seven lemons under a blue roof'

test.group('Signing up', (group) => {
  freshAccounts(group)

  test('makes an unverified user with an organization of their own', async ({ client, assert }) => {
    const response = await client
      .post('/sign-up')
      .header('accept-language', 'en')
      .withCsrfToken()
      .form({
        email: 'Li@Example.com',
        password: PASSWORD,
        organization: 'Qinghe',
        time_zone: 'Europe/Berlin',
      })
      .redirects(0)

    response.assertHeader('location', '/verify-email')
    const user = await User.findByOrFail('email', 'li@example.com')
    assert.isFalse(user.isVerified)
    assert.deepEqual([user.locale, user.timeZone], ['en', 'Europe/Berlin'])
    const membership = await Membership.query()
      .where('user_id', user.id)
      .preload('organization')
      .firstOrFail()
    assert.equal(membership.role, 'owner')
    assert.include(
      { name: 'Qinghe', kind: 'personal' },
      {
        name: membership.organization.name,
        kind: membership.organization.kind,
      }
    )
    assert.deepEqual(
      mailsSent().map(({ kind, to }) => [kind, to]),
      [['VerifyEmailMail', 'li@example.com']]
    )
    assert.include(await auditedActions(), 'user.signed_up succeeded')
  })

  test('the link in the mail proves the address, and leads on in the browser that signed up', async ({
    client,
    assert,
  }) => {
    const signedUp = await client
      .post('/sign-up')
      .withCsrfToken()
      .form({ email: 'li@example.com', password: PASSWORD })
      .redirects(0)
    const link = linkIn('VerifyEmailMail')
    const page = await client.get(link)
    page.assertStatus(200)
    const user = await User.findByOrFail('email', 'li@example.com')
    assert.isFalse(user.isVerified)

    const confirmed = await client
      .post(link)
      .withSession(signedUp.session())
      .withCsrfToken()
      .redirects(0)
    confirmed.assertHeader('location', '/')
    assert.isDefined(confirmed.session('auth_web'))
    await user.refresh()
    assert.isTrue(user.isVerified)

    const again = await client.get(link)
    again.assertStatus(410)
  })

  test('the link does not lead past a second factor that was set up meanwhile', async ({
    client,
    assert,
  }) => {
    const signedUp = await client
      .post('/sign-up')
      .withCsrfToken()
      .form({ email: 'li@example.com', password: PASSWORD })
      .redirects(0)
    const user = await User.findByOrFail('email', 'li@example.com')
    await user.merge({ totpConfirmedAt: DateTime.utc() }).save()
    const confirmed = await client
      .post(linkIn('VerifyEmailMail'))
      .withSession(signedUp.session())
      .withCsrfToken()
      .redirects(0)
    confirmed.assertHeader('location', '/sign-in/second-factor')
    assert.isUndefined(confirmed.session('auth_web'))
  })

  test('in another browser the link proves the address and asks for the password', async ({
    client,
    assert,
  }) => {
    await client
      .post('/sign-up')
      .withCsrfToken()
      .form({ email: 'li@example.com', password: PASSWORD })
    const confirmed = await client.post(linkIn('VerifyEmailMail')).withCsrfToken().redirects(0)
    confirmed.assertHeader('location', '/sign-in')
    assert.isUndefined(confirmed.session('auth_web'))
  })

  test('an address that has an account gets the same answer, and its owner a mail', async ({
    client,
    assert,
  }) => {
    const owner = await person({ email: 'owner@example.com' })
    const answers = []
    for (const email of ['owner@example.com', 'new@example.com']) {
      const started = performance.now()
      const answer = await client
        .post('/sign-up')
        .withCsrfToken()
        .form({ email, password: PASSWORD })
        .redirects(0)
      answers.push({ answer, took: performance.now() - started })
    }
    const [known, unknown] = answers.map(({ answer }) => answer)
    assert.deepEqual(
      [known!.status(), known!.header('location'), known!.flashMessages()],
      [unknown!.status(), unknown!.header('location'), unknown!.flashMessages()]
    )
    assert.isTrue(answers.every(({ took }) => took >= 390))
    assert.deepEqual(
      mailsSent().map(({ kind, to }) => [kind, to]),
      [
        ['AccountExistsMail', 'owner@example.com'],
        ['VerifyEmailMail', 'new@example.com'],
      ]
    )
    assert.isTrue(await owner.verifyPassword('a long enough pass phrase 7'))
  })

  test('refuses {password}')
    .with([
      { password: 'short one' },
      { password: 'Password123!' },
      { password: 'qwertyqwerty' },
      { password: '1234567890' },
      { password: 'li.wei@example.com' },
      { password: 'portico2026' },
    ])
    .run(async ({ client, assert }, { password }) => {
      const response = await client
        .post('/sign-up')
        .header('referer', '/sign-up')
        .withCsrfToken()
        .form({ email: 'li.wei@example.com', password })
        .redirects(0)
      assert.property(response.flashMessage('inputErrorsBag'), 'password')
      assert.equal(response.flashMessage('email'), 'li.wei@example.com')
      assert.isUndefined(response.flashMessage('password'))
      assert.isNull(await User.findByEmail('li.wei@example.com'))
    })

  test('mails to one address are limited, whoever asks', async ({ client, assert }) => {
    const ask = () =>
      client
        .post('/sign-up')
        .withCsrfToken()
        .form({ email: 'flooded@example.com', password: PASSWORD })
        .redirects(0)
    for (let i = 0; i < 5; i++) await ask()
    const refused = await ask()
    refused.assertStatus(429)
    assert.closeTo(Number(refused.header('retry-after')), 3600, 15)
    refused.assertTextIncludes('60')
  })

  test('somebody whose address is not proven gets no further than their account', async ({
    client,
  }) => {
    const user = await person()
    await user.merge({ emailVerifiedAt: null }).save()
    const portal = await client.get('/o/anything/settings').loginAs(user).redirects(0)
    portal.assertHeader('location', '/verify-email')
    const keys = await client.get('/account/passkeys/create').loginAs(user).redirects(0)
    keys.assertHeader('location', '/verify-email')
    const profile = await client.get('/account/profile').loginAs(user)
    profile.assertStatus(200)
    const notice = await client.get('/verify-email').loginAs(user)
    notice.assertTextIncludes(user.email)
  })
})
