import { test } from '@japa/runner'
import limiter from '@adonisjs/limiter/services/main'
import testUtils from '@adonisjs/core/services/test_utils'
import type { ApiClient } from '@japa/api-client'
import User from '#models/user'
import UserToken from '#models/user_token'
import { auditActions } from '#tests/support/audit'
import { grantedTo } from '#tests/support/licenses'
import { person, world } from '#tests/support/world'

const asking = (client: ApiClient) => {
  const send = (method: 'post' | 'put' | 'delete', path: string, by: User, form = {}) =>
    client[method](`/admin/users/${path}`)
      .loginAs(by)
      .withCsrfToken()
      .redirects(0)
      .accept('json')
      .form(form)
  return {
    disable: (by: User, { uid }: User) => send('post', `${uid}/disablement`, by),
    enable: (by: User, { uid }: User) => send('delete', `${uid}/disablement`, by),
    setRole: (by: User, { uid }: User, role: string) =>
      send('put', `${uid}/staff-role`, by, { staff_role: role }),
    sendReset: (by: User, { uid }: User) => send('post', `${uid}/password-resets`, by),
    endSessions: (by: User, { uid }: User) => send('delete', `${uid}/sessions`, by),
  }
}

test.group('Admin users', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())
  group.each.setup(() => limiter.clear(['memory']))

  test('staff find a user and see where they belong', async ({ client, assert }) => {
    const { acme, globex, staff } = await world()
    const viewer = await staff('viewer')
    const list = await client.get(`/admin/users?q=${acme.operator.email}`).loginAs(viewer)
    list.assertTextIncludes(acme.operator.uid)
    assert.notInclude(list.text(), globex.owner.uid)
    const page = await client.get(`/admin/users/${acme.operator.uid}`).loginAs(viewer)
    page.assertStatus(200)
    page.assertTextIncludes(acme.organization.uid)
  })

  test('an operator disables a customer, who is out at once, and enables them again', async ({
    client,
    assert,
  }) => {
    const { acme, staff } = await world()
    const operator = await staff('operator')
    const disabled = await asking(client).disable(operator, acme.viewer)
    disabled.assertStatus(302)
    await acme.viewer.refresh()
    const page = await client.get('/organizations').loginAs(acme.viewer).redirects(0)
    assert.equal(page.status(), 302)
    const enabled = await asking(client).enable(operator, acme.viewer)
    enabled.assertStatus(302)
    await acme.viewer.refresh()
    assert.isNull(acme.viewer.disabledAt)
    assert.includeMembers(await auditActions(null), ['user.disabled', 'user.enabled'])
  })

  test('an administrator adds somebody, who gets a link once; corrects and deletes them', async ({
    client,
    assert,
  }) => {
    const { acme, staff } = await world()
    const admin = await staff('admin')
    const send = (method: 'post' | 'put' | 'delete', path: string, form = {}) =>
      client[method](`/admin/users${path}`).loginAs(admin).withCsrfToken().form(form)
    const facts = {
      email: 'li.lei@example.com',
      full_name: '李雷',
      username: 'lilei',
      phone: '13800138000',
      keystone_url: 'https://cloud.example:5000/v3',
    }
    const added = await send('post', '', { ...facts, organization: 'Qinghe', staff_role: '' })
    added.assertTextIncludes('/reset-password/')
    added.assertTextIncludes('13800138000')
    const user = await User.findByOrFail('email', facts.email)
    await user.load('memberships', (memberships) => memberships.preload('organization'))
    assert.equal(user.memberships[0]!.organization.name, 'Qinghe')
    const again = await client.get(`/admin/users/${user.uid}`).loginAs(admin)
    assert.notInclude(again.text(), '/reset-password/')
    const taken = await send('post', '', { ...facts, email: 'other@example.com', staff_role: '' })
    assert.isNull(await User.findBy('email', 'other@example.com'), taken.text())
    await send('put', `/${user.uid}`, { ...facts, email: 'new@example.com', phone: '' })
    await user.refresh()
    assert.deepInclude(user.$attributes, {
      phone: null,
      email: facts.email,
      newEmail: 'new@example.com',
    })
    await send('delete', `/${user.uid}`, { confirmation: 'somebody else' })
    assert.isNotNull(await User.find(user.id))
    await send('delete', `/${user.uid}`, { confirmation: facts.email })
    assert.isNull(await User.find(user.id))
    await grantedTo(acme, 'ACME-DESK')
    await send('delete', `/${acme.owner.uid}`, { confirmation: acme.owner.email })
    assert.isNotNull(await User.find(acme.owner.id))
    assert.includeMembers(await auditActions(null), [
      'user.created',
      'user.changed',
      'user.deleted',
    ])
  })

  test('nobody disables or promotes themselves', async ({ client, assert }) => {
    const { staff } = await world()
    const admin = await staff('admin')
    for (const response of [
      await asking(client).disable(admin, admin),
      await asking(client).setRole(admin, admin, 'viewer'),
    ]) {
      response.assertStatus(403)
    }
    await admin.refresh()
    assert.equal(admin.staffRole, 'admin')
  })

  test('an operator leaves other staff alone and appoints nobody', async ({ client, assert }) => {
    const { acme, staff } = await world()
    const [operator, viewer] = [await staff('operator'), await staff('viewer')]
    for (const response of [
      await asking(client).disable(operator, viewer),
      await asking(client).endSessions(operator, viewer),
      await asking(client).sendReset(operator, viewer),
      await asking(client).setRole(operator, acme.viewer, 'viewer'),
    ]) {
      response.assertStatus(403)
    }
    assert.include(await auditActions(null), 'access.refused')
  })

  test('a staff viewer changes nothing', async ({ client }) => {
    const { acme, staff } = await world()
    const viewer = await staff('viewer')
    for (const response of [
      await asking(client).disable(viewer, acme.viewer),
      await asking(client).endSessions(viewer, acme.viewer),
      await asking(client).sendReset(viewer, acme.viewer),
      await asking(client).setRole(viewer, acme.viewer, 'viewer'),
    ]) {
      response.assertStatus(403)
    }
  })

  test('an administrator appoints staff and takes it back', async ({ client, assert }) => {
    const { staff } = await world()
    const admin = await staff('admin')
    const user = await person()
    await asking(client).setRole(admin, user, 'operator')
    await user.refresh()
    assert.equal(user.staffRole, 'operator')
    await asking(client).setRole(admin, user, '')
    await user.refresh()
    assert.isNull(user.staffRole)
    const unknown = await asking(client).setRole(admin, user, 'emperor')
    unknown.assertStatus(422)
    assert.include(await auditActions(null), 'user.staff_role_changed')
  })

  test('an operator sends a reset link and ends all sessions', async ({ client, assert }) => {
    const { acme, staff } = await world()
    const operator = await staff('operator')
    const reset = await asking(client).sendReset(operator, acme.owner)
    reset.assertStatus(302)
    const ended = await asking(client).endSessions(operator, acme.owner)
    ended.assertStatus(302)
    assert.includeMembers(await auditActions(null), [
      'user.password_reset_sent',
      'user.sessions_ended',
    ])
    const token = await UserToken.findBy({ userId: acme.owner.id, purpose: 'reset_password' })
    assert.isNotNull(token)
  })

  test('somebody who does not exist is not found', async ({ client }) => {
    const { staff } = await world()
    const response = await client.get('/admin/users/unobody').loginAs(await staff())
    response.assertStatus(404)
  })
})
