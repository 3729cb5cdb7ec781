import { test } from '@japa/runner'
import FirstAdministrator from '#models/first_administrator'
import UserToken from '#models/user_token'
import { appUrl } from '#config/app'
import { auditedActions, freshAccounts } from '#tests/support/accounts'
import { person } from '#tests/support/world'

const ORDER = {
  full_name: 'Wang Lei',
  email: 'wang@example.com',
  password: 'four grey herons at the lake',
}

async function offered(): Promise<string> {
  const link = await FirstAdministrator.offer()
  return link!.slice(appUrl.length)
}

test.group('The first administrator', (group) => {
  freshAccounts(group)

  test('comes in by the link, once, and goes on to the staff area', async ({ client, assert }) => {
    const link = await offered()
    const page = await client.get(link)
    page.assertStatus(200)
    const welcomed = await client.post(link).withCsrfToken().form(ORDER).redirects(0)
    welcomed.assertHeader('location', '/admin')
    assert.isDefined(welcomed.session('auth_web'))
    assert.isFalse(await FirstAdministrator.isMissing())
    assert.include(await auditedActions(), 'user.first_administrator succeeded')
    const again = await client.get(link)
    again.assertStatus(410)
  })

  test('of many processes that start together one gets the link', async ({ assert }) => {
    const links = []
    for (let i = 0; i < 5; i++) links.push(await FirstAdministrator.offer())
    assert.lengthOf(
      links.filter((link) => link !== null),
      1
    )
  })

  test('an expired link is replaced at the next start', async ({ client, assert }) => {
    const old = await offered()
    await UserToken.query().update({ expires_at: '2020-01-01 00:00:00' })
    assert.notEqual(await offered(), old)
    const page = await client.get(old)
    page.assertStatus(410)
  })

  test('is not wanted any more when one came by another way', async ({ client, assert }) => {
    const link = await offered()
    await person({ staffRole: 'admin' })
    const page = await client.get(link)
    page.assertStatus(410)
    assert.isNull(await FirstAdministrator.offer())
  })

  test('cannot take an address that has an account', async ({ client, assert }) => {
    const known = await person()
    const link = await offered()
    const refused = await client
      .post(link)
      .header('referer', link)
      .withCsrfToken()
      .form({ ...ORDER, email: known.email })
      .redirects(0)
    assert.property(refused.flashMessage('inputErrorsBag'), 'email')
    assert.isTrue(await FirstAdministrator.isMissing())
  })
})
