import { test } from '@japa/runner'
import testUtils from '@adonisjs/core/services/test_utils'
import type { ApiClient } from '@japa/api-client'
import Interface from '#models/interface'
import Operation from '#models/operation'
import type User from '#models/user'
import { auditActions } from '#tests/support/audit'
import { furtherNetwork } from '#tests/support/networks'
import { finish, world } from '#tests/support/world'

async function stage() {
  const scene = await world()
  const web = await scene.acme.instance('web-1')
  return { ...scene, web, path: `${scene.acme.path}/instances/${web.uid}/interfaces` }
}

type Stage = Awaited<ReturnType<typeof stage>>

function send(
  client: ApiClient,
  method: 'post' | 'put' | 'delete',
  path: string,
  by: User,
  form: object
) {
  return client[method](path).form(form).withCsrfToken().loginAs(by).redirects(0)
}

async function finishAll({ acme }: Stage) {
  const open = await acme.inside(() => Operation.query().whereNotNull('open_on'))
  for (const operation of open) await finish(operation)
}

async function cardOf({ acme, web }: Stage): Promise<Interface> {
  const [card] = await acme.inside(() => Interface.ofInstance(web))
  return card!
}

test.group('Networks of an instance', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())

  test('an operator attaches it to a network on offer, and its page tells all of the card', async ({
    client,
    assert,
  }) => {
    const scene = await stage()
    const { acme, path } = scene
    const alone = await client.get(path).loginAs(acme.operator)
    alone.assertTextIncludes('There is no further network on offer')
    await furtherNetwork(scene, { families: [4, 6] })
    const offered = await client.get(path).loginAs(acme.operator)
    offered.assertTextIncludes('private (IPv4 + IPv6)')

    const form = { network: 'private', request_key: 'asked-once' }
    const asked = await send(client, 'post', path, acme.operator, form)
    assert.match(asked.header('location')!, /\/operations\//)
    const again = await send(client, 'post', path, acme.operator, form)
    assert.equal(again.header('location'), asked.header('location'))
    const during = await client.get(path).loginAs(acme.viewer)
    during.assertTextIncludes('Attaching')
    await finishAll(scene)

    const card = await cardOf(scene)
    const after = await client.get(path).loginAs(acme.viewer)
    after.assertTextIncludes('1 of 7 further networks')
    after.assertTextIncludes(card.macAddress!)
    for (const { address } of card.addresses) after.assertTextIncludes(address)
    assert.lengthOf(card.addresses, 2)
    assert.includeMembers(await auditActions(acme.organization.id), [
      'instance.attach_network_requested',
      'instance.attach_network_ended',
    ])
  })

  test('a network that is not on offer, and one it is on already, are refused', async ({
    client,
    assert,
  }) => {
    const scene = await stage()
    const { acme, path } = scene
    const network = await furtherNetwork(scene)
    const refused = async (name: string) => {
      const answer = await send(client, 'post', path, acme.operator, { network: name })
      const { network: said } = answer.flashMessage('inputErrorsBag') as Record<string, string[]>
      return said![0]!
    }
    assert.include(await refused('nowhere'), 'This network cannot be chosen')
    assert.include(await refused('lxdbr0'), 'This network cannot be chosen')
    await send(client, 'post', path, acme.operator, { network: 'private' })
    await finishAll(scene)
    assert.include(await refused('private'), 'This network cannot be chosen')
    await network.serve('none')
    const card = await cardOf(scene)
    assert.equal(card.networkId, network.id)
    const empty = await send(client, 'post', path, acme.operator, { network: '' })
    assert.property(empty.flashMessage('inputErrorsBag'), 'network')
  })

  test('detaching asks for the name of the card, and gives its address back', async ({
    client,
    assert,
  }) => {
    const scene = await stage()
    const { acme, path } = scene
    await furtherNetwork(scene)
    await send(client, 'post', path, acme.operator, { network: 'private' })
    await finishAll(scene)
    const card = await cardOf(scene)
    const page = await client.get(`${path}/${card.uid}/deletion`).loginAs(acme.operator)
    page.assertTextIncludes('Type eth1 to confirm')
    page.assertTextIncludes(card.addresses[0]!.address)
    const mistyped = await send(client, 'delete', `${path}/${card.uid}`, acme.operator, {
      confirmation: 'eth2',
    })
    assert.property(mistyped.flashMessage('inputErrorsBag'), 'confirmation')
    await send(client, 'delete', `${path}/${card.uid}`, acme.operator, { confirmation: 'eth1' })
    const during = await client.get(path).loginAs(acme.viewer)
    during.assertTextIncludes('Detaching')
    await finishAll(scene)
    const after = await client.get(path).loginAs(acme.viewer)
    after.assertTextIncludes('0 of 7 further networks')
    assert.notInclude(after.text(), card.addresses[0]!.address)
  })

  test('a viewer sees why it cannot, and a cluster without the facet says so', async ({
    client,
    assert,
  }) => {
    const scene = await stage()
    const { acme, cluster, path } = scene
    await furtherNetwork(scene)
    const viewer = await client.get(path).loginAs(acme.viewer)
    viewer.assertTextIncludes('Your role does not allow this')
    await cluster.change({ settings: { ...cluster.settings, interfaces: false } })
    const lacking = await client.get(path).loginAs(acme.operator)
    lacking.assertTextIncludes('eth0')
    const asked = await send(client, 'post', path, acme.operator, { network: 'private' })
    assert.include(JSON.stringify(asked.flashMessages()), 'Its cluster cannot do this.')
  })

  test('staff say what a network is for', async ({ client, assert }) => {
    const scene = await stage()
    const { cluster, staff } = scene
    const network = await furtherNetwork(scene)
    const admin = await staff()
    const path = `/admin/clusters/${cluster.uid}/network_purposes`
    const form = { network: 'private', purpose: 'none' }
    await send(client, 'put', path, admin, form)
    await network.refresh()
    assert.equal(network.purpose, 'none')
    await send(client, 'put', path, admin, { ...form, purpose: 'anything' })
    await network.refresh()
    assert.equal(network.purpose, 'none')
    const page = await client.get(`/admin/clusters/${cluster.uid}`).loginAs(admin)
    page.assertTextIncludes('Further networks')
    assert.include(await auditActions(null), 'network.purpose_changed')
  })

  test('no instance is made on a network that is for further cards', async ({ assert }) => {
    const scene = await stage()
    const { acme } = scene
    await furtherNetwork(scene, { families: [4, 6] })
    const instance = await acme.instance('web-2')
    const rows = await acme.inside(() =>
      instance.related('addresses').query().preload('addressPool')
    )
    assert.deepEqual(
      rows.map(({ addressPool }) => addressPool.network),
      ['lxdbr0']
    )
  })
})
