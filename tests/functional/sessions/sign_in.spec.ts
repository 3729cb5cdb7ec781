import { test } from '@japa/runner'
import UserSession from '#models/user_session'
import { auditedActions, freshAccounts } from '#tests/support/accounts'
import { PASSWORD, person } from '#tests/support/world'

test.group('Signing in', (group) => {
  freshAccounts(group)

  test('e-mail and password open the door, under a new session id', async ({ client, assert }) => {
    const user = await person()
    const page = await client.get('/sign-in')
    page.assertStatus(200)

    const response = await client
      .post('/sign-in')
      .withSession({ planted: 'by a stranger' })
      .withCsrfToken()
      .form({ email: ` ${user.email.toUpperCase()} `, password: PASSWORD })
      .redirects(0)

    response.assertStatus(302)
    response.assertHeader('location', '/')
    const session = await UserSession.findByOrFail('userId', user.id)
    assert.equal(response.session('auth_web'), session.id)
    assert.isUndefined(response.session('planted'))
    assert.equal(session.method, 'password')
    assert.notEqual(
      response.cookie('portico_session')?.value,
      response.request.sessionClient.sessionId
    )
    assert.deepEqual(await auditedActions(), ['user.signed_in succeeded'])
  })

  test('a wrong password and an unknown address get the same answer', async ({
    client,
    assert,
  }) => {
    const user = await person()
    const answers = await Promise.all(
      [user.email, 'nobody@example.com'].map((email) =>
        client
          .post('/sign-in')
          .header('referer', '/sign-in')
          .withCsrfToken()
          .form({ email, password: 'something else entirely' })
          .redirects(0)
      )
    )
    const told = answers.map((answer) => [answer.status(), answer.flashMessage('inputErrorsBag')])
    assert.deepEqual(told[0], told[1])
    answers[0]!.assertFlashMessage('inputErrorsBag', { password: ['邮箱或密码不对。'] })
    assert.isUndefined(answers[0]!.flashMessage('password'))
    assert.deepEqual(await auditedActions(), [
      'user.sign_in_failed refused',
      'user.sign_in_failed refused',
    ])
  })

  test('guesses are limited and counted down; the right password starts anew', async ({
    client,
    assert,
  }) => {
    const user = await person()
    const give = (password: string) =>
      client
        .post('/sign-in')
        .header('referer', '/sign-in')
        .header('accept-language', 'en')
        .withCsrfToken()
        .form({ email: user.email, password })
        .redirects(0)
    for (let i = 0; i < 6; i++) await give('wrong wrong wrong')
    const seventh = await give('wrong wrong wrong')
    const { password } = seventh.flashMessage('inputErrorsBag') as { password: string[] }
    assert.include(password[0], '3 attempts are left')
    const right = await give(PASSWORD)
    assert.isDefined(right.session('auth_web'))

    for (let i = 0; i < 10; i++) await give('wrong wrong wrong')
    const locked = await give(PASSWORD)
    locked.assertStatus(429)
    locked.assertTextIncludes('15 minutes')
  })

  test('a disabled account does not open', async ({ client, assert }) => {
    const user = await person()
    await user.disable()
    const answer = await client
      .post('/sign-in')
      .withCsrfToken()
      .form({ email: user.email, password: PASSWORD })
      .redirects(0)
    assert.isUndefined(answer.session('auth_web'))
    assert.include(await auditedActions(), 'user.sign_in_refused refused')
  })

  test('leads back to the page that was asked for', async ({ client }) => {
    const user = await person()
    const asked = await client.get('/account/sessions?x=1').redirects(0)
    const answer = await client
      .post('/sign-in')
      .withSession(asked.session())
      .withCsrfToken()
      .form({ email: user.email, password: PASSWORD })
      .redirects(0)
    answer.assertHeader('location', '/account/sessions?x=1')
  })
})
