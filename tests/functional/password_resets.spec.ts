import { test } from '@japa/runner'
import { DateTime } from 'luxon'
import ApiToken from '#models/api_token'
import PasswordChange from '#models/password_change'
import UserSession from '#models/user_session'
import UserToken from '#models/user_token'
import { sqlTime } from '#models/concerns/sql'
import { freshAccounts, linkIn, mailsSent } from '#tests/support/accounts'
import { person } from '#tests/support/world'

const NEW = 'nine quiet rivers beside the mill'

test.group('Resetting a password', (group) => {
  freshAccounts(group)

  test('the link sets a password once, ends every session and tells the owner', async ({
    client,
    assert,
  }) => {
    const user = await person()
    const session = await UserSession.open(user, { method: 'password' })
    await client.post('/forgot-password').withCsrfToken().form({ email: user.email })
    const link = linkIn('ResetPasswordMail')
    const page = await client.get(link)
    page.assertTextIncludes(user.email)

    const set = await client
      .post(link)
      .withCsrfToken()
      .form({ password: NEW, password_confirmation: NEW })
      .redirects(0)
    set.assertHeader('location', '/sign-in')
    await user.refresh()
    assert.isTrue(await user.verifyPassword(NEW))
    await session.refresh()
    assert.isFalse(session.isOpen)
    assert.deepEqual(
      mailsSent().map(({ kind }) => kind),
      ['ResetPasswordMail', 'SecurityNoticeMail']
    )
    const again = await client.get(link)
    again.assertStatus(410)
  })

  test('a link ends API tokens too; a change by who is signed in leaves them', async ({
    client,
    assert,
  }) => {
    const user = await person()
    const token = await ApiToken.create(user, { name: 'backup', days: 30 })
    const ask = () => client.get('/api/v1/me').header('authorization', `Bearer ${token}`)
    await PasswordChange.change(user, 'eight loud rivers above the mill')
    const kept = await ask()
    kept.assertStatus(200)

    await client.post('/forgot-password').withCsrfToken().form({ email: user.email })
    await client
      .post(linkIn('ResetPasswordMail'))
      .withCsrfToken()
      .form({ password: NEW, password_confirmation: NEW })
    const refused = await ask()
    refused.assertStatus(401)
    assert.isEmpty(await ApiToken.all(user))
  })

  test('an unknown address gets the same answer and no mail', async ({ client, assert }) => {
    const user = await person()
    const answers = []
    for (const email of [user.email, 'nobody@example.com']) {
      const answer = await client
        .post('/forgot-password')
        .withCsrfToken()
        .form({ email })
        .redirects(0)
      const { message } = answer.flashMessage('notice') as { message: string }
      answers.push([answer.status(), answer.header('location'), message.replace(email, '')])
    }
    assert.deepEqual(answers[0], answers[1])
    assert.lengthOf(mailsSent(), 1)
  })

  test('only a hash of the link is kept, and a new link voids the old one', async ({
    client,
    assert,
  }) => {
    const user = await person()
    const ask = () => client.post('/forgot-password').withCsrfToken().form({ email: user.email })
    await ask()
    const first = linkIn('ResetPasswordMail')
    await ask()
    const tokens = await UserToken.query().where('user_id', user.id)
    assert.lengthOf(tokens, 1)
    assert.notInclude(linkIn('ResetPasswordMail'), tokens[0]!.hash)
    const page = await client.get(first)
    page.assertStatus(410)
  })

  test('the link also proves the mailbox, and does not work for a disabled user', async ({
    client,
    assert,
  }) => {
    const user = await person()
    await user.merge({ emailVerifiedAt: null }).save()
    await client.post('/forgot-password').withCsrfToken().form({ email: user.email })
    const link = linkIn('ResetPasswordMail')
    await user.disable()
    const refused = await client.get(link)
    refused.assertStatus(410)
    await user.enable()
    await client.post(link).withCsrfToken().form({ password: NEW, password_confirmation: NEW })
    await user.refresh()
    assert.isTrue(user.isVerified)
  })

  test('an old link is refused', async ({ client }) => {
    const user = await person()
    await client.post('/forgot-password').withCsrfToken().form({ email: user.email })
    const past = DateTime.utc().minus({ minutes: 1 })
    await UserToken.query()
      .where('user_id', user.id)
      .update({ expires_at: sqlTime(past) })
    const page = await client.get(linkIn('ResetPasswordMail'))
    page.assertStatus(410)
  })
})
