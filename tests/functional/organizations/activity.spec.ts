import { test } from '@japa/runner'
import testUtils from '@adonisjs/core/services/test_utils'
import { forgetRefusals } from '#exceptions/refusal_log'
import AuditChain from '#models/audit_chain'
import AuditEvent from '#models/audit_event'
import { QUOTA_RESOURCES } from '#models/types'
import { auditActions, auditEvents } from '#tests/support/audit'
import { world, type TestTenant } from '#tests/support/world'

const record = ({ organization, owner }: TestTenant, fields: object = {}) =>
  AuditEvent.record({
    action: 'member.role_changed',
    organizationId: organization.id,
    subject: { kind: 'member', uid: 'm23456789abcdef', label: 'changed@example.com' },
    before: { role: 'viewer' },
    after: { role: 'admin' },
    actor: owner,
    ...fields,
  })

test.group('The audit log of an organization', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())
  group.each.setup(() => forgetRefusals())

  test('is for its admins, and holds its own events only', async ({ client, assert }) => {
    const { acme, globex } = await world()
    await record(acme)
    await record(globex, { subject: { kind: 'member', uid: 'm2', label: 'theirs@example.com' } })
    const response = await client.get(`${acme.path}/activity`).loginAs(acme.admin)
    response.assertStatus(200)
    response.assertTextIncludes('changed@example.com')
    assert.notInclude(response.text(), 'theirs@example.com')
    const closed = await client.get(`${acme.path}/activity`).loginAs(acme.operator)
    closed.assertStatus(403)
  })

  test('an entry shows what was before and what came after', async ({ client, assert }) => {
    const { acme, globex } = await world()
    await record(acme, { after: { role: '<script>alert(1)</script>' } })
    const events = await auditEvents(acme.organization.id)
    const { uid } = events.at(-1)!
    const response = await client.get(`${acme.path}/activity/${uid}`).loginAs(acme.admin)
    response.assertStatus(200)
    response.assertTextIncludes('viewer')
    response.assertTextIncludes('&lt;script&gt;')
    assert.notInclude(response.text(), '<script>alert(1)')
    const foreign = await client.get(`${globex.path}/activity/${uid}`).loginAs(globex.owner)
    foreign.assertStatus(404)
  })

  test('is narrowed by person, action, subject, outcome and day', async ({ client, assert }) => {
    const { acme } = await world()
    await record(acme)
    await record(acme, { action: 'member.removed', actor: acme.admin, outcome: 'failed' })
    const rows = async (query: string) => {
      const response = await client.get(`${acme.path}/activity?${query}`).loginAs(acme.owner)
      response.assertStatus(200)
      return response.text().match(/activity\/e[a-z2-9]{14}"/g)?.length ?? 0
    }
    const today = new Date().toISOString().slice(0, 10)
    assert.equal(await rows('action=member.removed'), 1)
    assert.equal(await rows(`actor=${acme.admin.email}`), 1)
    assert.equal(await rows('outcome=failed'), 1)
    assert.equal(await rows('subject=changed@example.com'), 2)
    assert.equal(await rows(`from=${today}&until=${today}`), 3)
    assert.equal(await rows('until=2020-01-01'), 0)
    assert.equal(await rows('outcome=nonsense&from=yesterday&actor[]=x'), 3)
  })

  test('comes in pages, newest first', async ({ client, assert }) => {
    const { acme } = await world()
    for (let n = 0; n < 60; n++) await record(acme, { after: { n } })
    const first = await client.get(`${acme.path}/activity`).loginAs(acme.owner)
    const next = /activity\?after=([\w-]+)/.exec(first.text())![1]
    const second = await client.get(`${acme.path}/activity?after=${next}`).loginAs(acme.owner)
    assert.equal(first.text().match(/activity\/e[a-z2-9]{14}"/g)?.length, 50)
    assert.equal(second.text().match(/activity\/e[a-z2-9]{14}"/g)?.length, 11)
  })

  test('does not tell who of the staff it was, nor from where', async ({ client, assert }) => {
    const { acme, staff } = await world()
    const admin = await staff('admin')
    await client
      .put(`/admin/organizations/${acme.organization.uid}/quotas`)
      .loginAs(admin)
      .withCsrfToken()
      .header('user-agent', 'Staff browser')
      .redirects(0)
      .form({ ...Object.fromEntries(QUOTA_RESOURCES.map((name) => [name, '1'])), reason: 'why' })
    const events = await auditEvents(acme.organization.id)
    const { uid } = events.at(-1)!
    const page = await client.get(`${acme.path}/activity/${uid}`).loginAs(acme.owner)
    page.assertStatus(200)
    assert.notInclude(page.text(), admin.email)
    assert.notInclude(page.text(), 'Staff browser')
    const log = await client.get(`${acme.path}/activity?actor=${admin.email}`).loginAs(acme.owner)
    log.assertTextIncludes('Nothing matches')
    const staffPage = await client.get(`/admin/audit/${uid}`).loginAs(admin)
    staffPage.assertTextIncludes(admin.email)
    staffPage.assertTextIncludes('Staff browser')
  })
})

test.group('Refusals', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())
  group.each.setup(() => forgetRefusals())

  test("a member's stand in their organization's log, a stranger's in the platform's", async ({
    client,
    assert,
  }) => {
    const { acme, globex } = await world()
    await client.get(`${acme.path}/activity`).loginAs(acme.viewer)
    await client.get(`${acme.path}/members`).loginAs(globex.owner)
    await client.get('/admin/users').loginAs(globex.owner)
    await client.post('/organizations').loginAs(globex.owner).form({ name: 'x' })
    assert.include(await auditActions(acme.organization.id), 'access.refused')
    const platform = await auditEvents(null)
    const reasons = platform
      .filter(({ action }) => action === 'access.refused')
      .map(({ after }) => JSON.parse(after))
    assert.containsSubset(reasons, [
      {
        reason: 'E_NOT_FOUND',
        route: '/o/:organization/members',
        organization: acme.organization.slug,
      },
      { reason: 'E_NOT_FOUND', route: '/admin/users' },
      { reason: 'E_PAGE_EXPIRED', method: 'POST' },
    ])
  })

  test('are told of and not served: a flood is counted', async ({ client, assert }) => {
    const { acme } = await world()
    for (let n = 0; n < 25; n++) {
      await client.get(`${acme.path}/activity`).loginAs(acme.viewer)
    }
    await client.get(`${acme.path}/activity`).loginAs(acme.operator)
    const events = await auditEvents(acme.organization.id)
    const refusals = events.filter(({ action }) => action === 'access.refused')
    assert.lengthOf(refusals, 11)
    assert.equal(JSON.parse(refusals.at(-1)!.after).left_out, 15)
    const { fault } = await AuditChain.verify()
    assert.isNull(fault)
  })

  test('name the route and not the address, which may hold a token', async ({ client, assert }) => {
    const token = 'secret-token-in-an-address'
    await client.post(`/invitations/${token}/acceptance`)
    const events = await auditEvents(null)
    assert.include(JSON.stringify(events), '/invitations/:token/acceptance')
    assert.notInclude(JSON.stringify(events), token)
  })
})
