import { test } from '@japa/runner'
import testUtils from '@adonisjs/core/services/test_utils'
import type { ApiClient } from '@japa/api-client'
import type User from '#models/user'
import { auditEvents } from '#tests/support/audit'
import { world } from '#tests/support/world'

test.group('Organization settings', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())

  async function acmeSettings(client: ApiClient) {
    const { acme, globex } = await world()
    const save = (user: User, fields: Record<string, string>) =>
      client
        .put(`${acme.path}/settings`)
        .loginAs(user)
        .withCsrfToken()
        .redirects(0)
        .accept('json')
        .form({ name: 'Acme', slug: acme.organization.slug, ...fields })
    return { acme, globex, save }
  }

  test('an admin changes name and short name, and it is recorded', async ({ client, assert }) => {
    const { acme, save } = await acmeSettings(client)
    const response = await save(acme.admin, { name: 'Acme Cloud', slug: 'acme-cloud' })
    response.assertHeader('location', '/o/acme-cloud/settings')
    await acme.organization.refresh()
    assert.equal(acme.organization.name, 'Acme Cloud')
    const events = await auditEvents(acme.organization.id)
    const { action, before, after, actor_id: actorId } = events.at(-1)!
    assert.equal(action, 'organization.changed')
    assert.equal(actorId, acme.admin.id)
    assert.equal(JSON.parse(before).name, 'Acme')
    assert.deepEqual(JSON.parse(after), { name: 'Acme Cloud', slug: 'acme-cloud' })
  })

  test('a short name that is taken, reserved or malformed is refused', async ({
    client,
    assert,
  }) => {
    const { acme, globex, save } = await acmeSettings(client)
    const before = acme.organization.slug
    for (const slug of [
      globex.organization.slug,
      'admin',
      'Provider',
      'a',
      '-acme',
      'acme-',
      'ac--me',
      'ac me',
      '../admin',
      'ä'.repeat(5),
      'a'.repeat(41),
    ]) {
      const response = await save(acme.owner, { slug })
      assert.equal(response.status(), 422, slug)
    }
    await acme.organization.refresh()
    assert.equal(acme.organization.slug, before)
  })

  test('operators and viewers look but do not change', async ({ client, assert }) => {
    const { acme, save } = await acmeSettings(client)
    for (const user of [acme.operator, acme.viewer]) {
      const response = await save(user, { name: 'Mine now' })
      response.assertStatus(403)
      const page = await client.get(`${acme.path}/settings`).loginAs(user)
      page.assertStatus(200)
    }
    await acme.organization.refresh()
    assert.equal(acme.organization.name, 'Acme')
  })

  test('what was typed and why it was refused stand in the form again', async ({ client }) => {
    const { acme } = await acmeSettings(client)
    const response = await client
      .put(`${acme.path}/settings`)
      .loginAs(acme.owner)
      .withCsrfToken()
      .header('referer', `${acme.path}/settings`)
      .redirects(0)
      .form({ name: 'Acme <b>bold</b>', slug: 'admin' })
    response.assertStatus(302)
    response.assertFlashMessage('name', 'Acme <b>bold</b>')
    response.assertFlashMessage('inputErrorsBag', { slug: ['This Short name cannot be used.'] })
  })
})
