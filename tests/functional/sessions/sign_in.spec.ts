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
})
