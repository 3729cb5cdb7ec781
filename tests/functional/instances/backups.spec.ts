import { createHash } from 'node:crypto'
import { test } from '@japa/runner'
import testUtils from '@adonisjs/core/services/test_utils'
import type { ApiClient } from '@japa/api-client'
import db from '@adonisjs/lucid/services/db'
import Operation from '#models/operation'
import type User from '#models/user'
import { auditActions } from '#tests/support/audit'
import { backupOf } from '#tests/support/copies'
import { finish, world } from '#tests/support/world'

async function stage() {
  const scene = await world()
  const web = await scene.acme.instance('web-1')
  return { ...scene, web, path: `${scene.acme.path}/instances/${web.uid}/backups` }
}

type Stage = Awaited<ReturnType<typeof stage>>

function send(client: ApiClient, method: 'post' | 'delete', path: string, by: User, form: object) {
  return client[method](path).form(form).withCsrfToken().loginAs(by).redirects(0)
}

async function finishAll({ acme }: Stage) {
  const open = await acme.inside(() => Operation.query().whereNotNull('open_on'))
  for (const operation of open) await finish(operation)
}

test.group('Backups of an instance', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())

  test('an operator makes one and takes it away whole; a viewer does not', async ({
    client,
    assert,
  }) => {
    const scene = await stage()
    const { acme, path } = scene
    const empty = await client.get(path).loginAs(acme.viewer)
    empty.assertTextIncludes('No backup yet')
    const asked = await send(client, 'post', path, acme.operator, { name: 'before <b>' })
    asked.assertHeader('location', path)
    const during = await client.get(path).loginAs(acme.operator)
    during.assertTextIncludes('Creating')
    assert.notInclude(during.text(), '<b>')
    await finishAll(scene)
    const after = await client.get(path).loginAs(acme.operator)
    after.assertTextIncludes('Available')
    after.assertTextIncludes('1 of 3 backups used')

    const { uid, digest: kept, size_bytes: size } = await db.from('backups').firstOrFail()
    const refused = await client.get(`${path}/${uid}/download`).loginAs(acme.viewer)
    assert.notEqual(refused.status(), 200)
    const archive = await client.get(`${path}/${uid}/download`).loginAs(acme.operator)
    archive.assertStatus(200)
    archive.assertHeader('content-length', String(size))
    archive.assertHeader('content-disposition', `attachment; filename="web-1-${uid}.tar.gz"`)
    const digest = createHash('sha256').update(archive.body()).digest('hex')
    assert.equal(digest, kept)
    assert.includeMembers(await auditActions(acme.organization.id), [
      'backup.create_requested',
      'backup.downloaded',
    ])
  })

  test('one is restored into a new instance, within the quota', async ({ client, assert }) => {
    const scene = await stage()
    const { acme, path, plan, web } = scene
    const { uid } = await backupOf(acme, web, 'before')
    const page = await client.get(`${path}/${uid}/restoration`).loginAs(acme.operator)
    page.assertTextIncludes('web-2')
    const form = { name: 'web-2', plan: plan.uid }
    await db.from('quotas').where('resource', 'instances').update({ maximum: 1 })
    const refused = await send(client, 'post', `${path}/${uid}/restoration`, acme.operator, form)
    assert.property(refused.flashMessage('inputErrorsBag'), 'plan')
    await db.from('quotas').where('resource', 'instances').update({ maximum: 2 })
    const bad = { ...form, name: 'Not a name!' }
    const named = await send(client, 'post', `${path}/${uid}/restoration`, acme.operator, bad)
    assert.property(named.flashMessage('inputErrorsBag'), 'name')
    const asked = await send(client, 'post', `${path}/${uid}/restoration`, acme.operator, form)
    assert.match(asked.header('location')!, /\/operations\/x/)
    await finishAll(scene)
    const made = await db.from('instances').where('name', 'web-2').firstOrFail()
    assert.isNotNull(made.provisioned_at)
  })

  test('it is deleted by its name, and found again among all while its instance is gone', async ({
    client,
    assert,
  }) => {
    const { acme, path, web } = await stage()
    const { uid } = await backupOf(acme, web, 'before')
    await finish(await acme.inside(() => web.destroy(acme.owner)))
    const all = await client.get(`${acme.path}/backups`).loginAs(acme.admin)
    all.assertTextIncludes('before')
    const page = await client.get(`${path}/${uid}/deletion`).loginAs(acme.admin)
    page.assertTextIncludes('removed for good')
    const other = { confirmation: 'other' }
    const refused = await send(client, 'delete', `${path}/${uid}`, acme.admin, other)
    assert.property(refused.flashMessage('inputErrorsBag'), 'confirmation')
    const form = { confirmation: 'before' }
    const deleted = await send(client, 'delete', `${path}/${uid}`, acme.admin, form)
    deleted.assertHeader('location', `${acme.path}/backups`)
    const empty = await client.get(`${acme.path}/backups`).loginAs(acme.viewer)
    empty.assertTextIncludes('No backup yet')
  })
})
