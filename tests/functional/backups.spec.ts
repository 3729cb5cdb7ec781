import { test } from '@japa/runner'
import testUtils from '@adonisjs/core/services/test_utils'
import db from '@adonisjs/lucid/services/db'
import type Instance from '#models/instance'
import { newUid } from '#models/concerns/uid'
import { auditActions } from '#tests/support/audit'
import { backupOf } from '#tests/support/copies'
import { usage } from '#tests/support/steps'
import { finish, world, type TestTenant } from '#tests/support/world'

/** Rows only: nothing is in the store. */
async function many({ organizationId, id }: Instance, count: number) {
  const at = '2026-01-01 00:00:00'
  const row = {
    organization_id: organizationId,
    instance_id: id,
    store: 'local',
    archive_key: 'none.tar.gz',
    disk_gib: 10,
    stored_at: at,
    created_at: at,
    updated_at: at,
  }
  const numbers = Array.from({ length: count }, (_, index) => String(index + 1).padStart(3, '0'))
  await db
    .table('backups')
    .multiInsert(numbers.map((number) => ({ ...row, uid: newUid('bk'), name: `copy-${number}` })))
}

const goneInstance = async ({ acme }: { acme: TestTenant }) => {
  const gone = await acme.instance('gone-1')
  const backup = await backupOf(acme, gone, 'last one')
  await finish(await acme.inside(() => gone.destroy(acme.owner)))
  return backup
}

test.group('Backups of an organization', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())

  test('are paged by where the last page ended', async ({ client, assert }) => {
    const { acme } = await world()
    await many(await acme.instance('web-1'), 101)
    const seen: string[] = []
    let path: string | null = `${acme.path}/backups`
    const pages: string[] = []
    while (path) {
      const page = await client.get(path).loginAs(acme.viewer)
      page.assertStatus(200)
      const names = [...page.text().matchAll(/copy-\d{3}(?=<\/span>)/g)].map(([name]) => name)
      seen.push(...new Set(names))
      pages.push(path)
      const next: string | undefined = /href="([^"]*[?&;]after=[^"]*)"/.exec(page.text())?.[1]
      path = next ? next.replaceAll('&amp;', '&') : null
    }
    assert.lengthOf(pages, 3)
    assert.lengthOf(new Set(seen), 101)
    assert.equal(seen[0], 'copy-101')
  })

  test('are narrowed in the address, to a name and to instances that are gone', async ({
    client,
    assert,
  }) => {
    const { acme } = await world()
    const web = await acme.instance('web-1')
    await backupOf(acme, web, 'before 50%')
    await goneInstance({ acme })
    const ask = async (query: string) => {
      const page = await client.get(`${acme.path}/backups?${query}`).loginAs(acme.viewer)
      const told = (name: string) => page.text().includes(`>${name}</span>`)
      return [told('before 50%'), told('last one')]
    }
    assert.deepEqual(await ask(''), [true, true])
    assert.deepEqual(await ask('source=gone'), [false, true])
    assert.deepEqual(await ask('source=there'), [true, false])
    assert.deepEqual(await ask('q=before'), [true, false])
    assert.deepEqual(await ask('q=gone'), [false, true])
    assert.deepEqual(await ask('q=*one'), [false, true])
    assert.deepEqual(await ask('q=%25'), [false, false])
    assert.deepEqual(await ask('source=nonsense&after=nonsense'), [true, true])
    const nothing = await client.get(`${acme.path}/backups?q=nothing`).loginAs(acme.viewer)
    nothing.assertTextIncludes('No backup matches')
  })

  test('one that is being made says so', async ({ client }) => {
    const { acme } = await world()
    const web = await acme.instance('web-1')
    await acme.inside(() => web.backup({ name: 'coming', by: acme.owner }))
    const page = await client.get(`${acme.path}/backups`).loginAs(acme.viewer)
    page.assertTextIncludes('Creating')
  })
})

test.group('Backups of all organizations', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())

  test('staff deletes one of an instance that is gone, by typing its name, and its owner sees who did', async ({
    client,
    assert,
  }) => {
    const { acme, staff } = await world()
    const backup = await goneInstance({ acme })
    const operator = await staff('operator')
    const list = await client.get('/admin/backups?source=gone').loginAs(operator)
    list.assertTextIncludes('last one')
    list.assertTextIncludes(acme.organization.name)
    const page = await client.get(`/admin/backups/${backup.uid}/deletion`).loginAs(operator)
    page.assertStatus(200)
    const send = (confirmation: string) =>
      client
        .delete(`/admin/backups/${backup.uid}`)
        .loginAs(operator)
        .withCsrfToken()
        .form({ confirmation })
        .redirects(0)
    const mistyped = await send('another')
    assert.property(mistyped.flashMessage('inputErrorsBag'), 'confirmation')
    assert.equal((await usage(acme.organization.id)).backups, 1)
    const deleted = await send('last one')
    deleted.assertHeader('location', '/admin/backups')
    assert.isEmpty(await db.from('backups').where('uid', backup.uid))
    assert.equal((await usage(acme.organization.id)).backups, 0)
    assert.include(await auditActions(acme.organization.id), 'backup.deleted')
    const event = await db.from('audit_events').where('action', 'backup.deleted').firstOrFail()
    assert.isTrue(Boolean(event.as_staff))
  })

  test('a viewer of the staff only looks, and nobody is handed what is in one', async ({
    client,
    assert,
  }) => {
    const { acme, staff } = await world()
    const backup = await goneInstance({ acme })
    const viewer = await staff('viewer')
    const list = await client.get('/admin/backups').loginAs(viewer)
    list.assertTextIncludes('last one')
    assert.notInclude(list.text(), '/download')
    const refused = await client
      .delete(`/admin/backups/${backup.uid}`)
      .loginAs(viewer)
      .withCsrfToken()
      .form({ confirmation: 'last one' })
      .redirects(0)
    assert.notEqual(refused.header('location'), '/admin/backups')
    assert.lengthOf(await db.from('backups').where('uid', backup.uid), 1)
  })
})
