import { test } from '@japa/runner'
import testUtils from '@adonisjs/core/services/test_utils'
import AuditEvent from '#models/audit_event'
import Operation from '#models/operation'
import { Tenant } from '#models/concerns/tenant'
import { finish, world } from '#tests/support/world'

test.group('Suspensions by staff', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())

  test('are imposed with a note, told to the customer by their reason, and lifted', async ({
    client,
    assert,
  }) => {
    const { acme, staff } = await world()
    const web = await acme.instance('web-1')
    const operator = await staff('operator')
    const path = `/admin/instances/${web.uid}`
    const imposed = await client
      .post(`${path}/suspensions`)
      .form({ reason: 'abuse', note: 'complaint 4711' })
      .withCsrfToken()
      .loginAs(operator)
      .redirects(0)
    assert.match(imposed.header('location')!, /^\/admin\/operations\//)
    await finish(await lastOperation('instance.suspend'))

    const list = await client
      .get(`${acme.path}/instances`)
      .qs({ q: 'status:suspended' })
      .loginAs(acme.viewer)
    list.assertTextIncludes('web-1')
    list.assertTextIncludes('Suspended')
    const page = await client.get(`${acme.path}/instances/${web.uid}`).loginAs(acme.owner)
    page.assertTextIncludes('because of a complaint')
    assert.notInclude(page.text(), 'complaint 4711')
    assert.match(page.text(), /title="It is suspended"/)
    const started = await client
      .post(`${acme.path}/instances/${web.uid}/power_state`)
      .form({ action: 'start' })
      .accept('json')
      .withCsrfToken()
      .loginAs(acme.owner)
    started.assertStatus(409)
    assert.equal(started.body().error.code, 'E_INSTANCE_SUSPENDED')

    const settings = await client.get(`${path}/settings`).loginAs(operator)
    settings.assertTextIncludes('complaint 4711')
    await client.delete(`${path}/suspensions/abuse`).withCsrfToken().loginAs(operator).redirects(0)
    await finish(await lastOperation('instance.unsuspend'))
    await acme.inside(() => web.refresh())
    assert.equal(web.powerState, 'running')
    const events = await Tenant.system('test', () =>
      AuditEvent.query().whereIn('action', ['instance.suspended', 'instance.unsuspended'])
    )
    assert.deepEqual(
      events.map(({ asStaff, organizationId }) => [asStaff, organizationId]),
      [
        [true, acme.organization.id],
        [true, acme.organization.id],
      ]
    )
  })
})

const lastOperation = (type: string) =>
  Tenant.system('test', () =>
    Operation.query().where('type', type).orderBy('id', 'desc').firstOrFail()
  )
