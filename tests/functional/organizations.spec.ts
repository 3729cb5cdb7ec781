import { test } from '@japa/runner'
import limiter from '@adonisjs/limiter/services/main'
import testUtils from '@adonisjs/core/services/test_utils'
import { ownedOrganizations } from '#config/quotas'
import Membership from '#models/membership'
import Organization from '#models/organization'
import { auditActions } from '#tests/support/audit'
import { person, world } from '#tests/support/world'

test.group('Organizations', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())
  group.each.setup(() => limiter.clear(['memory']))

  test('a person sees where they belong, and nothing else', async ({ client, assert }) => {
    const { acme, globex } = await world()
    const response = await client.get('/organizations').loginAs(acme.viewer)
    response.assertStatus(200)
    response.assertTextIncludes(acme.organization.slug)
    assert.notInclude(response.text(), globex.organization.slug)
  })

  test('somebody who belongs nowhere is told the next step', async ({ client }) => {
    const response = await client.get('/organizations').loginAs(await person())
    response.assertTextIncludes('You belong to no organization')
    response.assertTextIncludes('/organizations/create')
  })

  test('whoever makes a team owns it, with quotas of its own', async ({ client, assert }) => {
    const user = await person()
    const response = await client
      .post('/organizations')
      .loginAs(user)
      .withCsrfToken()
      .redirects(0)
      .form({ name: '青禾 科技' })
    response.assertStatus(302)
    const organization = await Organization.findByOrFail('name', '青禾 科技')
    response.assertHeader('location', `/o/${organization.slug}/members`)
    assert.equal(organization.kind, 'team')
    const membership = await Membership.of(user.id, organization.slug)
    assert.equal(membership?.role, 'owner')
    assert.deepEqual(await auditActions(organization.id), ['organization.created'])
  })

  test('a name that is too short, too long or turns the text around is refused', async ({
    client,
    assert,
  }) => {
    const user = await person()
    for (const name of ['x', 'y'.repeat(81), 'evil\u202Eeman', '  ']) {
      const response = await client
        .post('/organizations')
        .loginAs(user)
        .withCsrfToken()
        .accept('json')
        .form({ name })
      response.assertStatus(422)
    }
    assert.isNull(await Membership.findBy('userId', user.id))
  })

  test('a person owns so many teams and no more', async ({ client, assert }) => {
    const user = await person()
    for (let n = 0; n < ownedOrganizations; n++) await Organization.foundTeam(`Team ${n}`, user)
    const response = await client
      .post('/organizations')
      .loginAs(user)
      .withCsrfToken()
      .accept('json')
      .form({ name: 'One more' })
    response.assertStatus(422)
    response.assertBodyContains({ error: { code: 'E_TOO_MANY_ORGANIZATIONS' } })
    assert.isNull(await Organization.findBy('name', 'One more'))
  })

  test('an owner deletes an empty team by typing its name', async ({ client, assert }) => {
    const { acme } = await world()
    const { organization } = acme
    const slug = organization.slug
    const attempt = (confirmation: string) =>
      client
        .delete(acme.path)
        .loginAs(acme.owner)
        .withCsrfToken()
        .redirects(0)
        .accept('json')
        .form({ confirmation })

    const refused = await attempt('acme')
    refused.assertStatus(422)
    const done = await attempt(organization.name)
    done.assertStatus(302)

    await organization.refresh()
    assert.isNotNull(organization.deletedAt)
    assert.isNull(await Organization.findBy('slug', slug))
    assert.isNull(await Membership.findBy('organizationId', organization.id))
    assert.include(await auditActions(organization.id), 'organization.deleted')
    const gone = await client.get(acme.path + '/settings').loginAs(acme.owner)
    gone.assertStatus(404)
  })

  test('one in which an instance lives is not deleted', async ({ client, assert }) => {
    const { acme } = await world()
    await acme.order('web-1')
    const response = await client
      .delete(acme.path)
      .loginAs(acme.owner)
      .withCsrfToken()
      .accept('json')
      .form({ confirmation: acme.organization.name })
    response.assertStatus(409)
    response.assertBodyContains({ error: { code: 'E_ORGANIZATION_NOT_EMPTY', instances: 1 } })
    await acme.organization.refresh()
    assert.isNull(acme.organization.deletedAt)
  })

  test('nothing can be ordered in one that is gone', async ({ assert }) => {
    const { acme } = await world()
    await acme.inside(() => acme.organization.dissolve())
    await assert.rejects(() => acme.order('web-1'), 'E_QUOTA_EXCEEDED')
  })

  test('an admin does not delete it', async ({ client, assert }) => {
    const { acme } = await world()
    const response = await client
      .delete(acme.path)
      .loginAs(acme.admin)
      .withCsrfToken()
      .accept('json')
      .form({ confirmation: acme.organization.name })
    response.assertStatus(403)
    assert.include(await auditActions(acme.organization.id), 'access.refused')
  })
})
