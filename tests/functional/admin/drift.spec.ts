import { test } from '@japa/runner'
import type { ApiClient } from '@japa/api-client'
import ace from '@adonisjs/core/services/ace'
import DoctorCheck from '#models/doctor_check'
import { Examination } from '#models/examination'
import Operation from '#models/operation'
import type User from '#models/user'
import { Tenant } from '#models/concerns/tenant'
import { freshAccounts } from '#tests/support/accounts'
import { auditActions } from '#tests/support/audit'
import { compare, differing, finding } from '#tests/support/drift'
import { finish, world } from '#tests/support/world'

function send(
  client: ApiClient,
  method: 'post' | 'delete',
  path: string,
  by: User,
  form: object = {}
) {
  return client[method](path).form(form).withCsrfToken().loginAs(by).redirects(0)
}

const lastOperation = () =>
  Tenant.system('test', () => Operation.query().orderBy('id', 'desc').firstOrFail())

test.group('Admin drift', (group) => {
  freshAccounts(group)

  test('the lists tell what differs, over all clusters and of one, and can be narrowed', async ({
    client,
    assert,
  }) => {
    const { acme, cluster, fake, staff } = await world()
    const admin = await staff()
    const empty = await client.get('/admin/drift').loginAs(admin)
    empty.assertTextIncludes('All is as it should be')
    const web = await acme.instance('web-1')
    fake.turn(web.ref, 'stopped')
    fake.add([{ ref: 'by-hand' }])
    await compare(cluster)
    await send(client, 'post', `/admin/clusters/${cluster.uid}/drift`, admin)
    const list = await client.get('/admin/drift').loginAs(admin)
    list.assertTextIncludes('web-1')
    list.assertTextIncludes('by-hand')
    list.assertTextIncludes('2 differences')
    const narrowed = await client.get('/admin/drift').qs({ kind: 'stranger' }).loginAs(admin)
    assert.notInclude(narrowed.text(), 'web-1')
    const none = await client.get('/admin/drift').qs({ q: 'zzz' }).loginAs(admin)
    none.assertTextIncludes('Nothing matches')
    const own = await client.get(`/admin/clusters/${cluster.uid}/drift`).loginAs(admin)
    own.assertTextIncludes('by-hand')
    const dashboard = await client.get('/admin').loginAs(admin)
    dashboard.assertTextIncludes('Drift')
    assert.include(await auditActions(null), 'drift.compared')
  })

  test('a stranger is adopted under a name, and its operation is followed', async ({
    client,
    assert,
  }) => {
    const { cluster, fake, staff } = await world()
    const admin = await staff()
    fake.add([{ ref: 'Old.Shop' }])
    await compare(cluster)
    const { uid } = await finding(cluster, 'stranger')
    const page = await client.get(`/admin/drift/${uid}`).loginAs(admin)
    page.assertTextIncludes('value="old-shop"')
    const refused = await send(client, 'post', `/admin/drift/${uid}/adoption`, admin, {
      name: 'not a name!',
    })
    assert.property(refused.flashMessage('inputErrorsBag'), 'name')
    const adopted = await send(client, 'post', `/admin/drift/${uid}/adoption`, admin, {
      name: 'old-shop',
    })
    const operation = await lastOperation()
    assert.equal(adopted.header('location'), `/admin/operations/${operation.uid}`)
    await finish(operation)
    assert.equal(operation.state, 'succeeded')
    const gone = await client.get(`/admin/drift/${uid}`).loginAs(admin)
    gone.assertStatus(404)
  })

  test('a repair is an operation, an adoption of limits is rows, forgetting is neither', async ({
    client,
    assert,
  }) => {
    const { acme, cluster, fake, staff } = await world()
    const [admin, operator] = [await staff('admin'), await staff('operator')]
    const web = await acme.instance('web-1')
    fake.alter(web.ref, { size: { cpus: 2 } })
    fake.turn(web.ref, 'stopped')
    await compare(cluster)
    const [limits, power] = [await finding(cluster, 'limits'), await finding(cluster, 'power')]
    const shown = await client.get(`/admin/drift/${limits.uid}`).loginAs(operator)
    shown.assertTextIncludes('Put the limits back')
    assert.notInclude(shown.text(), 'Take as sold')
    await send(client, 'post', `/admin/drift/${power.uid}/forgetting`, operator)
    assert.deepEqual(await differing(cluster), ['limits web-1'])
    const forgotten = await client
      .get('/admin/drift')
      .qs({ standing: 'forgotten' })
      .loginAs(operator)
    forgotten.assertTextIncludes('web-1')
    await send(client, 'delete', `/admin/drift/${power.uid}/forgetting`, operator)
    await send(client, 'post', `/admin/drift/${power.uid}/repair`, operator)
    await finish(await lastOperation())
    await send(client, 'post', `/admin/drift/${limits.uid}/adoption`, admin)
    await acme.inside(() => web.refresh())
    assert.equal(web.cpus, 2)
    assert.deepEqual(await differing(cluster), [])
    assert.includeMembers(await auditActions(null), ['drift.forgotten', 'drift.recalled'])
    assert.includeMembers(await auditActions(acme.organization.id), [
      'drift.accepted',
      'instance.repair_requested',
    ])
  })

  test('what hurts wants the name typed', async ({ client, assert }) => {
    const { acme, cluster, fake, staff } = await world()
    const admin = await staff()
    const web = await acme.instance('web-1')
    fake.lose(web.ref)
    await compare(cluster)
    const { uid } = await finding(cluster, 'missing')
    const before = await lastOperation()
    for (const [method, path] of [
      ['post', 'recreation'],
      ['delete', 'instance'],
    ] as const) {
      const refused = await send(client, method, `/admin/drift/${uid}/${path}`, admin, {
        confirmation: 'web',
      })
      assert.property(refused.flashMessage('inputErrorsBag'), 'confirmation')
    }
    assert.equal((await lastOperation()).id, before.id)
    await send(client, 'post', `/admin/drift/${uid}/recreation`, admin, { confirmation: 'web-1' })
    const operation = await lastOperation()
    assert.equal(operation.type, 'instance.recreate')
    await finish(operation)
    assert.equal(operation.state, 'succeeded')
  })
})

test.group('Admin doctor', (group) => {
  freshAccounts(group)

  test('is asked for, tells how far it is, and then what is wrong and what to do', async ({
    client,
    assert,
  }) => {
    const { cluster, fake, staff } = await world()
    const admin = await staff()
    const path = `/admin/clusters/${cluster.uid}/doctor`
    const before = await client.get(path).loginAs(admin)
    before.assertTextIncludes('Not examined yet')
    fake.configure({ networksDown: 1 })
    await send(client, 'post', path, admin)
    const going = await client.get(path).loginAs(admin)
    going.assertTextIncludes('Examining: 0 of')
    await Tenant.system('test', () => Examination.runDue())
    const page = await client.get(path).loginAs(admin)
    page.assertTextIncludes('is down')
    page.assertTextIncludes('ip link set BRIDGE up')
    const chinese = await client.get(path).header('accept-language', 'zh-CN').loginAs(admin)
    chinese.assertStatus(200)
    assert.include(await auditActions(null), 'cluster.examined')
    assert.isNotEmpty(await DoctorCheck.ofCluster(cluster))
  })

  test('the command tells a program the same', async ({ assert }) => {
    const { cluster, fake } = await world()
    fake.setNodeOnline('node-1', false)
    ace.ui.switchMode('raw')
    const command = await ace.exec('cluster:doctor', [cluster.name, '--json'])
    const [{ message }] = command.ui.logger.getLogs()
    const told = JSON.parse(message)
    ace.ui.switchMode('normal')
    assert.equal(told.state, 'fail')
    assert.equal(command.exitCode, 1)
    assert.includeDeepMembers(
      told.checks.map(({ name, place, state }: Record<string, unknown>) => ({
        name,
        place,
        state,
      })),
      [{ name: 'nodes', place: 'node-1', state: 'fail' }]
    )
  })
})
