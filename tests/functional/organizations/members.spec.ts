import { test } from '@japa/runner'
import testUtils from '@adonisjs/core/services/test_utils'
import type { ApiClient } from '@japa/api-client'
import Membership from '#models/membership'
import type User from '#models/user'
import { auditEvents } from '#tests/support/audit'
import { person, world, type TestTenant } from '#tests/support/world'

const membershipOf = async ({ organization }: TestTenant, user: User) => {
  const membership = await Membership.of(user.id, organization.slug)
  return membership
}

function asking(client: ApiClient, acme: TestTenant) {
  const send = (method: 'put' | 'delete', path: string, by: User, form = {}) =>
    client[method](`${acme.path}/${path}`)
      .loginAs(by)
      .withCsrfToken()
      .redirects(0)
      .accept('json')
      .form(form)
  const uidOf = async (user: User) => {
    const membership = await membershipOf(acme, user)
    return membership?.uid ?? 'mnobody'
  }
  return {
    changeRole: async (by: User, of: User, role: string) =>
      send('put', `members/${await uidOf(of)}`, by, { role }),
    remove: async (by: User, of: User) => send('delete', `members/${await uidOf(of)}`, by),
    leave: (by: User) => send('delete', 'membership', by),
  }
}

test.group('Members', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())

  test('everybody in it sees who is in it', async ({ client, assert }) => {
    const { acme, globex } = await world()
    for (const user of [acme.viewer, acme.owner]) {
      const response = await client.get(`${acme.path}/members`).loginAs(user)
      response.assertStatus(200)
      response.assertTextIncludes(acme.operator.email)
      assert.notInclude(response.text(), globex.owner.email)
    }
  })

  test('a long list comes in pages', async ({ client, assert }) => {
    const { acme } = await world()
    for (let n = 0; n < 60; n++) {
      const user = await person({ email: `many-${n}@example.com` })
      await Membership.create({
        organizationId: acme.organization.id,
        userId: user.id,
        role: 'viewer',
      })
    }
    const first = await client.get(`${acme.path}/members`).loginAs(acme.viewer)
    first.assertTextIncludes('many-10@example.com')
    assert.notInclude(first.text(), 'many-59@example.com')
    const next = /members\?after=([\w-]+)/.exec(first.text())?.[1]
    const second = await client.get(`${acme.path}/members?after=${next}`).loginAs(acme.viewer)
    second.assertTextIncludes('many-59@example.com')
  })

  test('an admin changes a role, and it is recorded with before and after', async ({
    client,
    assert,
  }) => {
    const { acme } = await world()
    const response = await asking(client, acme).changeRole(acme.admin, acme.viewer, 'operator')
    response.assertStatus(302)
    const membership = await membershipOf(acme, acme.viewer)
    assert.equal(membership?.role, 'operator')
    const events = await auditEvents(acme.organization.id)
    const event = events.at(-1)!
    assert.equal(event.action, 'member.role_changed')
    assert.equal(event.subject_label, acme.viewer.email)
    assert.deepEqual(
      [event.before, event.after].map((text) => JSON.parse(text)),
      [{ role: 'viewer' }, { role: 'operator' }]
    )
  })

  test('an admin makes no owner, and unmakes none', async ({ client, assert }) => {
    const { acme } = await world()
    const ask = asking(client, acme)
    for (const response of [
      await ask.changeRole(acme.admin, acme.viewer, 'owner'),
      await ask.changeRole(acme.admin, acme.admin, 'owner'),
      await ask.changeRole(acme.admin, acme.owner, 'viewer'),
      await ask.remove(acme.admin, acme.owner),
    ]) {
      response.assertStatus(403)
    }
    const membership = await membershipOf(acme, acme.owner)
    assert.equal(membership?.role, 'owner')
  })

  test('operators and viewers change and remove nobody', async ({ client, assert }) => {
    const { acme } = await world()
    const ask = asking(client, acme)
    for (const user of [acme.operator, acme.viewer]) {
      const change = await ask.changeRole(user, acme.viewer, 'admin')
      change.assertStatus(403)
      const removal = await ask.remove(user, acme.admin)
      removal.assertStatus(403)
    }
    assert.isNotNull(await membershipOf(acme, acme.admin))
  })

  test('the last owner is neither demoted nor removed and does not leave', async ({
    client,
    assert,
  }) => {
    const { acme } = await world()
    const ask = asking(client, acme)
    for (const response of [
      await ask.changeRole(acme.owner, acme.owner, 'admin'),
      await ask.remove(acme.owner, acme.owner),
      await ask.leave(acme.owner),
    ]) {
      response.assertStatus(409)
      response.assertBodyContains({ error: { code: 'E_LAST_OWNER' } })
    }
    const membership = await membershipOf(acme, acme.owner)
    assert.equal(membership?.role, 'owner')
  })

  test('with a second owner the first may go', async ({ client, assert }) => {
    const { acme } = await world()
    const ask = asking(client, acme)
    await ask.changeRole(acme.owner, acme.admin, 'owner')
    const response = await ask.leave(acme.owner)
    response.assertHeader('location', '/organizations')
    assert.isNull(await membershipOf(acme, acme.owner))
    const page = await client.get(`${acme.path}/members`).loginAs(acme.owner)
    page.assertStatus(404)
  })

  test('who was removed is out at once', async ({ client, assert }) => {
    const { acme } = await world()
    const response = await asking(client, acme).remove(acme.admin, acme.operator)
    response.assertStatus(302)
    const page = await client.get(`${acme.path}/members`).loginAs(acme.operator)
    page.assertStatus(404)
    const events = await auditEvents(acme.organization.id)
    assert.equal(events.at(-1)!.action, 'member.removed')
  })

  test('a role that does not exist and a member of others are refused', async ({ client }) => {
    const { acme, globex } = await world()
    const ask = asking(client, acme)
    const role = await ask.changeRole(acme.owner, acme.viewer, 'emperor')
    role.assertStatus(422)
    const theirs = await membershipOf(globex, globex.viewer)
    const foreign = await client
      .delete(`${acme.path}/members/${theirs!.uid}`)
      .loginAs(acme.owner)
      .withCsrfToken()
      .accept('json')
    foreign.assertStatus(404)
  })
})
