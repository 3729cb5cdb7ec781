import { test } from '@japa/runner'
import testUtils from '@adonisjs/core/services/test_utils'
import AuditEvent from '#models/audit_event'
import { Tenant } from '#models/concerns/tenant'
import { world } from '#tests/support/world'

test.group('Frame of an instance', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())

  test('is the same on every page, with the tab that one is on', async ({ client, assert }) => {
    const { acme } = await world()
    const web = await acme.instance('web-1')
    for (const page of ['', '/port-forwards', '/history', '/settings']) {
      const path = `${acme.path}/instances/${web.uid}${page}`
      const response = await client.get(path).loginAs(acme.viewer)
      response.assertStatus(200)
      response.assertTextIncludes('web-1')
      response.assertTextIncludes('Force stop')
      assert.match(response.text(), new RegExp(`href="${path}" aria-current="page"`))
    }
  })

  test('the history tells of this instance only', async ({ client, assert }) => {
    const { acme } = await world()
    const web = await acme.instance('web-1')
    await acme.instance('mail-1')
    const response = await client
      .get(`${acme.path}/instances/${web.uid}/history?state=succeeded`)
      .loginAs(acme.viewer)
    response.assertTextIncludes('Create web-1')
    assert.notInclude(response.text(), 'Create mail-1')
  })

  test('staff have the same pages, and what they do is recorded as theirs', async ({
    client,
    assert,
  }) => {
    const { acme, staff } = await world()
    const web = await acme.instance('web-1')
    const path = `/admin/instances/${web.uid}`
    const viewer = await staff('viewer')
    const page = await client.get(path).loginAs(viewer)
    page.assertStatus(200)
    page.assertTextIncludes(acme.organization.name)
    assert.match(page.text(), /title="Your role does not allow this"/)

    const operator = await staff('operator')
    const stopped = await client
      .post(`${path}/power_state`)
      .form({ action: 'stop' })
      .withCsrfToken()
      .loginAs(operator)
      .redirects(0)
    assert.match(stopped.header('location')!, /^\/admin\/operations\//)
    const event = await Tenant.system('test', () =>
      AuditEvent.query().where('action', 'instance.power_requested').firstOrFail()
    )
    assert.isTrue(event.asStaff)
    assert.equal(event.organizationId, acme.organization.id)
  })
})
