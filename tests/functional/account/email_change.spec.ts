import { test } from '@japa/runner'
import { freshAccounts, linkIn, mailsSent } from '#tests/support/accounts'
import { person } from '#tests/support/world'

test.group('Changing the e-mail address', (group) => {
  freshAccounts(group)

  test('unverifies, tells the old address, and takes effect in the new mailbox', async ({
    client,
    assert,
  }) => {
    const user = await person({ email: 'old@example.com' })
    await client
      .post('/account/email')
      .loginAs(user)
      .withCsrfToken()
      .form({ email: 'New@example.com' })
    await user.refresh()
    assert.equal(user.email, 'old@example.com')
    assert.isFalse(user.isVerified)
    assert.deepEqual(
      mailsSent().map(({ kind, to }) => [kind, to]),
      [
        ['SecurityNoticeMail', 'old@example.com'],
        ['ConfirmEmailMail', 'new@example.com'],
      ]
    )
    assert.include(mailsSent()[0]!.text, 'new@example.com')

    const link = linkIn('ConfirmEmailMail')
    const page = await client.get(link)
    page.assertTextIncludes('new@example.com')
    await client.post(link).withCsrfToken().redirects(0)
    await user.refresh()
    assert.equal(user.email, 'new@example.com')
    assert.isTrue(user.isVerified)
    assert.deepInclude(
      mailsSent().map(({ kind, to }) => [kind, to]),
      ['SecurityNoticeMail', 'old@example.com']
    )
  })

  test('can be withdrawn, which voids the link', async ({ client, assert }) => {
    const user = await person()
    await client
      .post('/account/email')
      .loginAs(user)
      .withCsrfToken()
      .form({ email: 'elsewhere@example.com' })
    await user.refresh()
    await client.delete('/account/email').loginAs(user).withCsrfToken()
    await user.refresh()
    assert.isTrue(user.isVerified)
    const page = await client.get(linkIn('ConfirmEmailMail'))
    page.assertStatus(410)
  })

  test('does not tell whether the new address has an account', async ({ client, assert }) => {
    const owner = await person()
    const answers = []
    for (const email of [owner.email, 'free@example.com']) {
      const answer = await client
        .post('/account/email')
        .loginAs(await person())
        .withCsrfToken()
        .form({ email })
        .redirects(0)
      answers.push([answer.status(), answer.header('location'), answer.flashMessages()])
    }
    assert.deepEqual(answers[0], answers[1])
    assert.includeDeepMembers(
      mailsSent().map(({ kind, to }) => [kind, to]),
      [
        ['AccountExistsMail', owner.email],
        ['ConfirmEmailMail', 'free@example.com'],
      ]
    )
  })
})
