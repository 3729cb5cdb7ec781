import { test } from '@japa/runner'
import testUtils from '@adonisjs/core/services/test_utils'
import { world } from '#tests/support/world'

test.group('Notifications of an account', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())

  test('a person chooses whether tokens are spoken of, and sees what each organization tells', async ({
    client,
    assert,
  }) => {
    const { acme } = await world()
    const { owner } = acme
    const page = await client.get('/account/notifications').loginAs(owner)
    page.assertTextIncludes(`${acme.path}/notifications`)
    const choose = (form: Record<string, string>) =>
      client.put('/account/notifications').form(form).withCsrfToken().loginAs(owner).redirects(0)
    assert.isTrue((await owner.refresh()).tokenMails)
    await choose({})
    assert.isFalse((await owner.refresh()).tokenMails)
    await choose({ token_mails: 'true' })
    assert.isTrue((await owner.refresh()).tokenMails)
  })
})
