import { test } from '@japa/runner'
import testUtils from '@adonisjs/core/services/test_utils'
import AuditEvent from '#models/audit_event'
import { Tenant } from '#models/concerns/tenant'
import { world } from '#tests/support/world'

const STAFF_LISTS = [
  'instances',
  'operations',
  'audit',
  'organizations',
  'users',
  'clusters',
  'images',
  'plans',
  'address-pools',
  'port-forwards',
  'licenses',
]

test.group('Lists as files', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())

  test('a list as it is filtered, with units in its heads, and written down', async ({
    client,
    assert,
  }) => {
    const { acme, globex } = await world()
    await acme.instance('web-1')
    await acme.instance('db-1')
    await globex.instance('web-9')
    const page = await client
      .get(`${acme.path}/instances`)
      .qs({ q: 'name:web' })
      .loginAs(acme.viewer)
    assert.include(page.text(), `${acme.path}/exports/instances?q=name%3Aweb&amp;format=xlsx`)
    const file = await client
      .get(`${acme.path}/exports/instances`)
      .qs({ q: 'name:web', format: 'csv' })
      .loginAs(acme.viewer)
    file.assertStatus(200)
    assert.match(file.header('content-disposition')!, /^attachment; filename="instances-.*\.csv"$/)
    const lines = file.text().trim().split('\r\n')
    assert.lengthOf(lines, 2)
    assert.include(lines[0], 'Memory (MiB)')
    assert.match(lines[1]!, /^i\w+,web-1,Running,Container,10\.99\.0\.\d+,/)
    const event = await Tenant.system('test', () =>
      AuditEvent.query().where('action', 'list.exported').firstOrFail()
    )
    assert.deepEqual(
      [event.subjectLabel, event.organizationId],
      ['instances', acme.organization.id]
    )
  })

  test('heads are in the language of who asks', async ({ client, assert }) => {
    const { acme } = await world()
    await acme.viewer.merge({ locale: 'zh-CN' }).save()
    const file = await client.get(`${acme.path}/exports/instances`).loginAs(acme.viewer)
    assert.include(file.text(), '内存（MiB）')
  })

  test('all pages of a list are in the file', async ({ client, assert }) => {
    const { acme } = await world()
    await acme.lift()
    for (let number = 1; number <= 101; number += 1) await acme.order(`web-${number}`)
    const file = await client.get(`${acme.path}/exports/instances`).loginAs(acme.viewer)
    assert.lengthOf(file.text().trim().split('\r\n'), 102)
  })

  test('whoever may not see the list may not have it', async ({ client }) => {
    const { acme, globex, staff } = await world()
    const refused = await client.get(`${acme.path}/exports/activity`).loginAs(acme.operator)
    refused.assertStatus(403)
    const allowed = await client.get(`${acme.path}/exports/activity`).loginAs(acme.admin)
    allowed.assertStatus(200)
    const foreign = await client.get(`${acme.path}/exports/members`).loginAs(globex.owner)
    foreign.assertStatus(404)
    const unknown = await client.get(`${acme.path}/exports/toString`).loginAs(acme.owner)
    unknown.assertStatus(404)
    const customer = await client.get('/admin/exports/users').loginAs(acme.owner)
    customer.assertStatus(404)
    const viewer = await client.get('/admin/exports/users').loginAs(await staff('viewer'))
    viewer.assertStatus(200)
  })

  test('every list of an organization')
    .with(['instances', 'operations', 'activity', 'members', 'licenses'])
    .run(async ({ client, assert }, list) => {
      const { acme } = await world()
      await acme.instance('web-1')
      const file = await client.get(`${acme.path}/exports/${list}`).loginAs(acme.owner)
      file.assertStatus(200)
      assert.notMatch(file.text().split('\r\n')[0]!, /exports\./)
    })

  test('every list of the staff')
    .with(STAFF_LISTS)
    .run(async ({ client, assert }, list) => {
      const { acme, staff } = await world()
      await acme.instance('web-1')
      const reader = await staff('viewer')
      for (const format of ['csv', 'xlsx']) {
        const file = await client.get(`/admin/exports/${list}`).qs({ format }).loginAs(reader)
        file.assertStatus(200)
        if (format === 'csv') assert.notMatch(file.text().split('\r\n')[0]!, /exports\./)
      }
    })

  test('nodes of a cluster, and addresses of a pool', async ({ client, assert }) => {
    const { acme, staff, cluster, pool } = await world()
    await acme.instance('web-1')
    const reader = await staff('viewer')
    const nodes = await client
      .get('/admin/exports/nodes')
      .qs({ cluster: cluster.uid })
      .loginAs(reader)
    assert.include(nodes.text(), 'node-1')
    const addresses = await client
      .get('/admin/exports/addresses')
      .qs({ pool: pool.uid })
      .loginAs(reader)
    assert.include(addresses.text(), 'web-1')
  })
})
