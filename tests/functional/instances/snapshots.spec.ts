import { test } from '@japa/runner'
import testUtils from '@adonisjs/core/services/test_utils'
import type { ApiClient } from '@japa/api-client'
import Operation from '#models/operation'
import type User from '#models/user'
import { auditActions } from '#tests/support/audit'
import { snapshotOf, snapshotRows } from '#tests/support/copies'
import { finish, world } from '#tests/support/world'

async function stage() {
  const scene = await world()
  const web = await scene.acme.instance('web-1')
  return { ...scene, web, path: `${scene.acme.path}/instances/${web.uid}/snapshots` }
}

type Stage = Awaited<ReturnType<typeof stage>>

function send(client: ApiClient, method: 'post' | 'delete', path: string, by: User, form: object) {
  return client[method](path).form(form).withCsrfToken().loginAs(by).redirects(0)
}

async function finishAll({ acme }: Stage) {
  const open = await acme.inside(() => Operation.query().whereNotNull('open_on'))
  for (const operation of open) await finish(operation)
}

test.group('Snapshots of an instance', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())

  test('an operator takes one; the page tells its state, and how many are left', async ({
    client,
    assert,
  }) => {
    const scene = await stage()
    const { acme, path } = scene
    const empty = await client.get(path).loginAs(acme.viewer)
    empty.assertTextIncludes('No snapshot yet')
    empty.assertTextIncludes('Your role does not allow this')

    const form = { name: '升级之前 <b>1</b>', keep_days: '7' }
    const asked = await send(client, 'post', path, acme.operator, form)
    asked.assertHeader('location', path)
    const during = await client.get(path).loginAs(acme.operator)
    during.assertTextIncludes('Creating')
    assert.notInclude(during.text(), '<b>1</b>')
    await finishAll(scene)

    const after = await client.get(path).loginAs(acme.operator)
    after.assertTextIncludes('Active')
    after.assertTextIncludes('1 of 3 snapshots used')
    assert.includeMembers(await auditActions(acme.organization.id), ['snapshot.create_requested'])
  })

  test('each refusal stands at its field', async ({ client, assert }) => {
    const scene = await stage()
    const { acme, path, web } = scene
    await snapshotOf(acme, web, 'one')
    const refusalOf = async (form: object) => {
      const answer = await send(client, 'post', path, acme.operator, form)
      return Object.keys(answer.flashMessage('inputErrorsBag') as object)
    }
    assert.deepEqual(await refusalOf({ name: 'two\u0007lines' }), ['name'])
    assert.deepEqual(await refusalOf({ name: 'x'.repeat(61) }), ['name'])
    assert.deepEqual(await refusalOf({ keep_days: '0' }), ['keep_days'])
    assert.deepEqual(await refusalOf({ keep_days: 'never' }), ['keep_days'])
    assert.deepEqual(await refusalOf({ name: 'one' }), ['name'])
    assert.lengthOf(await snapshotRows(web), 1)
  })

  test('a restore and a removal want its name typed', async ({ client, assert }) => {
    const scene = await stage()
    const { acme, path, web } = scene
    const { uid } = await snapshotOf(acme, web, 'before')
    const page = await client.get(`${path}/${uid}/restoration`).loginAs(acme.operator)
    page.assertTextIncludes('Everything written since is lost')
    for (const [method, address] of [
      ['post', `${path}/${uid}/restoration`],
      ['delete', `${path}/${uid}`],
    ] as const) {
      const refused = await send(client, method, address, acme.operator, { confirmation: 'other' })
      assert.property(refused.flashMessage('inputErrorsBag'), 'confirmation')
      const asked = await send(client, method, address, acme.operator, { confirmation: 'before' })
      assert.match(asked.header('location')!, /\/operations\/x/)
      await finishAll(scene)
    }
    assert.lengthOf(await snapshotRows(web), 0)
  })

  test('a schedule is set, changed and ended', async ({ client, assert }) => {
    const { acme, path, web } = await stage()
    const schedules = path.replace(/snapshots$/, 'snapshot-schedules')
    const form = { rhythm: 'daily', keep: '2', hour: '3', weekday: '7' }
    const tooMany = await send(client, 'post', schedules, acme.operator, { ...form, keep: '4' })
    assert.property(tooMany.flashMessage('inputErrorsBag'), 'keep')
    await send(client, 'post', schedules, acme.operator, form)
    await send(client, 'post', schedules, acme.operator, { ...form, keep: '1' })
    const page = await client.get(path).loginAs(acme.operator)
    page.assertTextIncludes('1 kept')
    const [, uid] = /snapshot-schedules\/(y\w+)/.exec(page.text())!
    const ended = await send(client, 'delete', `${schedules}/${uid}`, acme.operator, {})
    ended.assertHeader('location', path)
    assert.includeMembers(await auditActions(acme.organization.id), [
      'copy_schedule.set',
      'copy_schedule.ended',
    ])
    assert.lengthOf(await snapshotRows(web), 0)
  })

  test('a cluster without them has no such page, and refuses to make one', async ({
    client,
    assert,
  }) => {
    const { acme, path, web, cluster } = await stage()
    await cluster.merge({ settings: { ...cluster.settings, snapshots: false } }).save()
    const overview = await client.get(`${acme.path}/instances/${web.uid}`).loginAs(acme.owner)
    assert.notInclude(overview.text(), '/snapshots"')
    const page = await client.get(path).loginAs(acme.owner)
    page.assertStatus(404)
    await send(client, 'post', path, acme.owner, { name: 'one' })
    assert.lengthOf(await snapshotRows(web), 0)
  })

  test('staff do the same from their own pages', async ({ client, assert }) => {
    const scene = await stage()
    const by = await scene.staff('operator')
    const path = `/admin/instances/${scene.web.uid}/snapshots`
    const asked = await send(client, 'post', path, by, { name: 'by staff' })
    asked.assertHeader('location', path)
    await finishAll(scene)
    const page = await client.get(path).loginAs(by)
    page.assertTextIncludes('by staff')
    assert.lengthOf(await snapshotRows(scene.web), 1)
  })
})
