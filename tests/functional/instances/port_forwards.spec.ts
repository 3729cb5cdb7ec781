import { test } from '@japa/runner'
import testUtils from '@adonisjs/core/services/test_utils'
import type { ApiClient } from '@japa/api-client'
import Operation from '#models/operation'
import PortForward from '#models/port_forward'
import type User from '#models/user'
import { auditActions } from '#tests/support/audit'
import { finish, portPool, world } from '#tests/support/world'

async function stage() {
  const scene = await world()
  const web = await scene.acme.instance('web-1')
  await portPool(scene.cluster, { ports: '20000-20009', reserved: '20009' })
  return { ...scene, web, path: `${scene.acme.path}/instances/${web.uid}/port-forwards` }
}

type Stage = Awaited<ReturnType<typeof stage>>

function send(client: ApiClient, method: 'post' | 'delete', path: string, by: User, form: object) {
  return client[method](path).form(form).withCsrfToken().loginAs(by).redirects(0)
}

const forwardsOf = ({ acme, web }: Stage) => acme.inside(() => PortForward.ofInstance(web))

async function finishAll({ acme }: Stage) {
  const open = await acme.inside(() => Operation.query().whereNotNull('open_on'))
  for (const operation of open) await finish(operation)
}

test.group('Port forwards of an instance', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())

  test('an operator forwards a port; the page tells where it leads', async ({ client, assert }) => {
    const scene = await stage()
    const { acme, path, fake, web } = scene
    const empty = await client.get(path).loginAs(acme.operator)
    empty.assertTextIncludes('No port leads here')
    empty.assertTextIncludes('On offer: 20000-20008')

    const form = {
      protocol: 'both',
      target_port: '8000-8001',
      port: '20004',
      note: 'a <b>web</b> site',
    }
    const asked = await send(client, 'post', path, acme.operator, form)
    asked.assertHeader('location', path)
    const during = await client.get(path).loginAs(acme.viewer)
    during.assertTextIncludes('203.0.113.7:20004-20005')
    during.assertTextIncludes('Creating')
    assert.notInclude(during.text(), '<b>web</b>')
    await finishAll(scene)

    const after = await client.get(path).loginAs(acme.viewer)
    after.assertTextIncludes('Active')
    after.assertTextIncludes('4 of 5 ports used')
    assert.equal(fake.reach('203.0.113.7', 'udp', 20_005), `${web.ref}:8001`)
    assert.includeMembers(await auditActions(acme.organization.id), [
      'port_forward.create_requested',
    ])
  })

  test('each refusal stands at its field', async ({ client, assert }) => {
    const scene = await stage()
    const { acme, path } = scene
    const refusalOf = async (form: object) => {
      const answer = await send(client, 'post', path, acme.operator, {
        protocol: 'tcp',
        target_port: '80',
        ...form,
      })
      return answer.flashMessage('inputErrorsBag') as Record<string, string[]>
    }
    assert.deepEqual(await refusalOf({ target_port: '22; reboot' }), {
      target_port: ['Port of the instance: “reboot” is neither a port nor a range like 8000-8009.'],
    })
    assert.property(await refusalOf({ target_port: '80-1' }), 'target_port')
    assert.property(await refusalOf({ target_port: '1-500' }), 'target_port')
    assert.property(await refusalOf({ protocol: 'icmp' }), 'protocol')
    assert.property(await refusalOf({ port: '70000' }), 'port')
    assert.property(await refusalOf({ note: 'two\nlines' }), 'note')
    assert.deepEqual(await refusalOf({ port: '20009' }), {
      port: ['Port 20009 is reserved. Choose another, or leave the field empty.'],
    })
    assert.deepEqual(await refusalOf({ port: '30000' }), {
      port: ['Port 30000 is not among those on offer: 20000-20008.'],
    })
    assert.isEmpty(await forwardsOf(scene))
  })

  test('some are chosen, looked at once more, and go in one operation', async ({
    client,
    assert,
  }) => {
    const scene = await stage()
    const { acme, path, fake } = scene
    for (const port of ['20001', '20002', '20003']) {
      await send(client, 'post', path, acme.operator, { protocol: 'tcp', target_port: '80', port })
      await finishAll(scene)
    }
    const [first, second] = await forwardsOf(scene)
    const query = `forwards=${first!.uid}&forwards=${second!.uid}&forwards=fsomebodyelse`
    const confirmation = await client.get(`${path}/deletion?${query}`).loginAs(acme.operator)
    confirmation.assertTextIncludes('Delete 2 port forwards')
    await send(client, 'delete', path, acme.operator, { forwards: [first!.uid, second!.uid] })
    await finishAll(scene)
    assert.lengthOf(await forwardsOf(scene), 1)
    assert.equal(fake.countForwards(), 1)
  })

  test('another tenant’s forward is none', async ({ client, assert }) => {
    const scene = await stage()
    const { acme, globex, path } = scene
    await send(client, 'post', path, acme.operator, { protocol: 'tcp', target_port: '80' })
    await finishAll(scene)
    const [forward] = await forwardsOf(scene)
    const theirs = await globex.instance('mail-1')
    const other = `${globex.path}/instances/${theirs.uid}/port-forwards`
    await send(client, 'delete', other, globex.owner, { forwards: forward!.uid })
    await finishAll(scene)
    assert.lengthOf(await forwardsOf(scene), 1)
  })

  test('staff see every forward, and find one by its port', async ({ client, assert }) => {
    const scene = await stage()
    const { acme, path, staff } = scene
    await send(client, 'post', path, acme.operator, {
      protocol: 'tcp',
      target_port: '80',
      port: '20001',
    })
    await finishAll(scene)
    const viewer = await staff('viewer')
    for (const words of ['20001', '203.0.113.7:20001', 'web-', '']) {
      const found = await client.get(`/admin/port-forwards?q=${words}`).loginAs(viewer)
      found.assertTextIncludes('203.0.113.7:20001')
    }
    const none = await client.get('/admin/port-forwards?q=20002').loginAs(viewer)
    assert.notInclude(none.text(), '203.0.113.7:20001')
    none.assertTextIncludes('No port forward matches')
  })
})
