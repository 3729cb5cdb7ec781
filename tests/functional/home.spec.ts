import { test } from '@japa/runner'
import { freshAccounts } from '#tests/support/accounts'
import { person, world } from '#tests/support/world'

test.group('The start page', (group) => {
  freshAccounts(group)

  test('leads a visitor to the door', async ({ client }) => {
    const answer = await client.get('/').redirects(0)
    answer.assertHeader('location', '/sign-in')
  })

  test('leads a member to the organization that was used last', async ({ client }) => {
    const { acme, globex } = await world()
    await globex.organization
      .related('memberships')
      .create({ userId: acme.owner.id, role: 'viewer' })
    const first = await client.get('/').loginAs(acme.owner).redirects(0)
    first.assertHeader('location', acme.path)
    const last = await client
      .get('/')
      .loginAs(acme.owner)
      .withPlainCookie('portico_organization', globex.organization.slug)
      .redirects(0)
    last.assertHeader('location', globex.path)
  })

  test('does not lead into an organization one does not belong to', async ({ client }) => {
    const { acme, globex } = await world()
    const answer = await client
      .get('/')
      .loginAs(acme.owner)
      .withPlainCookie('portico_organization', globex.organization.slug)
      .redirects(0)
    answer.assertHeader('location', acme.path)
  })

  test('without an organization leads staff to their area and others to their account', async ({
    client,
  }) => {
    const staff = await client
      .get('/')
      .loginAs(await person({ staffRole: 'viewer' }))
      .redirects(0)
    staff.assertHeader('location', '/admin')
    const other = await client
      .get('/')
      .loginAs(await person())
      .redirects(0)
    other.assertHeader('location', '/account')
  })
})
