import { test } from '@japa/runner'
import testUtils from '@adonisjs/core/services/test_utils'
import db from '@adonisjs/lucid/services/db'
import { runBatch } from '#models/batch_run'
import { Tenant } from '#models/concerns/tenant'
import { person, world } from '#tests/support/world'

test.group('Many at once', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())

  test('rows are ticked in the list, asked once more, and followed on one page', async ({
    client,
    assert,
  }) => {
    const { acme } = await world()
    const [web, other] = [await acme.instance('web-1'), await acme.instance('web-2')]
    const list = await client.get(`${acme.path}/instances`).loginAs(acme.operator)
    list.assertTextIncludes('Choose all on this page')
    assert.match(list.text(), new RegExp(`name="uid" value="${web.uid}"`))
    assert.notMatch(list.text(), /name="deed" value="suspend"/)

    const asked = await client
      .get(`${acme.path}/batches/create`)
      .qs({ deed: 'stop', uid: [web.uid, other.uid] })
      .loginAs(acme.operator)
    asked.assertTextIncludes('Stop 2 instances')
    const sent = await client
      .post(`${acme.path}/batches`)
      .form({ deed: 'stop', confirmation: '2', uid: [web.uid, other.uid] })
      .withCsrfToken()
      .loginAs(acme.operator)
      .redirects(0)
    const path = sent.header('location')!
    assert.match(path, new RegExp(`^${acme.path}/batches/b`))
    const { id } = await db.from('batches').firstOrFail()
    await Tenant.none(() => runBatch(id, new AbortController().signal))
    const page = await client.get(path).loginAs(acme.viewer)
    page.assertTextIncludes('0 of 2 done')
    page.assertTextIncludes('Queued')
    page.assertTextIncludes('web-2')
    const index = await client.get(`${acme.path}/batches`).loginAs(acme.viewer)
    index.assertTextIncludes('Stop 2 instances')
  })

  test('without a script the head of the list means the page, and a box all that match', async ({
    client,
  }) => {
    const { acme } = await world()
    const web = await acme.instance('web-1')
    await acme.instance('web-2')
    const choose = (qs: Record<string, string>) =>
      client
        .get(`${acme.path}/batches/create`)
        .qs({ deed: 'restart', ...qs })
        .loginAs(acme.owner)
    const page = await choose({ page: '1', on_page: web.uid })
    page.assertTextIncludes('Restart 1 instance')
    const matching = await choose({ matching: '1', q: 'name:web' })
    matching.assertTextIncludes('Restart 2 instances')
    const none = await choose({})
    none.assertStatus(422)
    none.assertTextIncludes('No instance was chosen')
  })

  test('deleting many wants their number, and refuses when it is another meanwhile', async ({
    client,
    assert,
  }) => {
    const { acme } = await world()
    const web = await acme.instance('web-1')
    const asked = await client
      .get(`${acme.path}/batches/deletions/create`)
      .qs({ uid: web.uid })
      .loginAs(acme.admin)
    asked.assertTextIncludes('Type 1 to confirm')
    asked.assertTextIncludes('1 address')
    const remove = (confirmation: string) =>
      client
        .post(`${acme.path}/batches/deletions`)
        .form({ confirmation, matching: '1', q: '' })
        .accept('json')
        .withCsrfToken()
        .loginAs(acme.admin)
        .redirects(0)
    const wrong = await remove('2')
    wrong.assertStatus(409)
    assert.equal(wrong.body().error.code, 'E_CHOICE_CHANGED')
    assert.lengthOf(await db.from('batches'), 0)
    await remove('1')
    assert.lengthOf(await db.from('batches').where('deed', 'delete'), 1)
  })

  test('staff reach all organizations, and their batches are not for customers', async ({
    client,
    assert,
  }) => {
    const { acme, globex, staff } = await world()
    const operator = await staff('operator')
    await acme.instance('web-1')
    await globex.instance('db-1')
    const list = await client.get('/admin/instances').loginAs(operator)
    assert.match(list.text(), /name="deed" value="suspend"/)
    const asked = await client
      .get('/admin/batches/create')
      .qs({ deed: 'suspend', matching: '1' })
      .loginAs(operator)
    asked.assertTextIncludes('Suspend 2 instances')
    const sent = await client
      .post('/admin/batches')
      .form({ deed: 'suspend', confirmation: '2', matching: '1', reason: 'abuse' })
      .withCsrfToken()
      .loginAs(operator)
      .redirects(0)
    const path = sent.header('location')!
    const page = await client.get(path).loginAs(operator)
    page.assertTextIncludes('0 of 2 done')
    const uid = path.split('/').at(-1)!
    const foreign = await client.get(`${acme.path}/batches/${uid}`).loginAs(acme.owner)
    foreign.assertStatus(404)
    const stranger = await client.get(path).loginAs(await person())
    stranger.assertStatus(404)
  })
})
