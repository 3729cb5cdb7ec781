import { test } from '@japa/runner'
import testUtils from '@adonisjs/core/services/test_utils'
import db from '@adonisjs/lucid/services/db'
import { auditEvents } from '#tests/support/audit'
import { world } from '#tests/support/world'

const MAXIMA = {
  instances: '3',
  cpus: '8',
  memory_mib: '4096',
  disk_gib: '',
  addresses: '5',
  port_forwards: '10',
  snapshots: '0',
  backups: '4',
}

test.group('Admin organizations', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())

  test('staff find an organization by name, short name or id', async ({ client, assert }) => {
    const { acme, globex, staff } = await world()
    const viewer = await staff('viewer')
    for (const words of [acme.organization.slug, acme.organization.uid]) {
      const response = await client.get(`/admin/organizations?q=${words}`).loginAs(viewer)
      response.assertStatus(200)
      response.assertTextIncludes(acme.organization.slug)
      assert.notInclude(response.text(), globex.organization.slug)
    }
    const none = await client.get('/admin/organizations?q=%25').loginAs(viewer)
    none.assertTextIncludes('Nothing matches')
  })

  test('the list comes in pages, newest first', async ({ client, assert }) => {
    const { staff } = await world()
    const now = '2026-01-01 00:00:00'
    await db.table('organizations').multiInsert(
      Array.from({ length: 60 }, (_, n) => ({
        uid: `ozzzzzzzzzzzz${String(n).padStart(2, '0')}`,
        slug: `many-${n}`,
        name: `Many ${n}`,
        kind: 'team',
        created_at: now,
        updated_at: now,
      }))
    )
    const admin = await staff()
    const first = await client.get('/admin/organizations?q=many').loginAs(admin)
    first.assertTextIncludes('many-59')
    assert.notInclude(first.text(), 'many-5<')
    const next = /after=([\w-]+)/.exec(first.text())![1]
    const second = await client.get(`/admin/organizations?q=many&after=${next}`).loginAs(admin)
    second.assertTextIncludes('many-0')
    assert.notInclude(second.text(), 'many-59')
  })

  test('the page of one shows its members and how many instances live there', async ({
    client,
  }) => {
    const { acme, staff } = await world()
    await acme.order('web-1')
    const response = await client
      .get(`/admin/organizations/${acme.organization.uid}`)
      .loginAs(await staff('viewer'))
    response.assertStatus(200)
    response.assertTextIncludes(acme.operator.email)
  })

  test('an administrator changes quotas with a reason, and the organization reads it', async ({
    client,
    assert,
  }) => {
    const { acme, staff } = await world()
    const admin = await staff('admin')
    const response = await client
      .put(`/admin/organizations/${acme.organization.uid}/quotas`)
      .loginAs(admin)
      .withCsrfToken()
      .redirects(0)
      .form({ ...MAXIMA, reason: 'trial has ended' })
    response.assertStatus(302)
    const rows = await db.from('quotas').where('organization_id', acme.organization.id)
    const maxima = Object.fromEntries(rows.map((row) => [row.resource, row.maximum]))
    assert.deepEqual(maxima, {
      instances: 3,
      cpus: 8,
      memory_mib: 4096,
      disk_gib: null,
      addresses: 5,
      port_forwards: 10,
      snapshots: 0,
      backups: 4,
    })
    const events = await auditEvents(acme.organization.id)
    const event = events.at(-1)!
    assert.equal(event.action, 'organization.quotas_changed')
    assert.equal(Number(event.as_staff), 1)
    assert.equal(JSON.parse(event.after).reason, 'trial has ended')

    const log = await client.get(`${acme.path}/activity`).loginAs(acme.admin)
    log.assertTextIncludes('the provider&#x27;s staff')
    assert.notInclude(log.text(), admin.email)
  })

  test('negative, broken or absent figures and reasons are refused', async ({ client }) => {
    const { acme, staff } = await world()
    const admin = await staff('admin')
    for (const fields of [
      { instances: '-1', reason: 'because' },
      { cpus: '1.5', reason: 'because' },
      { memory_mib: 'much', reason: 'because' },
      { reason: '' },
    ]) {
      const response = await client
        .put(`/admin/organizations/${acme.organization.uid}/quotas`)
        .loginAs(admin)
        .withCsrfToken()
        .accept('json')
        .form({ ...MAXIMA, ...fields })
      response.assertStatus(422)
    }
  })

  test('operators and viewers of the staff leave quotas alone', async ({ client }) => {
    const { acme, staff } = await world()
    for (const role of ['operator', 'viewer'] as const) {
      const response = await client
        .put(`/admin/organizations/${acme.organization.uid}/quotas`)
        .loginAs(await staff(role))
        .withCsrfToken()
        .accept('json')
        .form({ ...MAXIMA, reason: 'because' })
      response.assertStatus(403)
    }
  })

  test('for customers there is no such place', async ({ client }) => {
    const { acme } = await world()
    for (const path of [
      'organizations',
      `organizations/${acme.organization.uid}`,
      'users',
      'audit',
    ]) {
      const response = await client.get(`/admin/${path}`).loginAs(acme.owner)
      response.assertStatus(404)
    }
  })
})
