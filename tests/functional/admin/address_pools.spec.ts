import { test } from '@japa/runner'
import type { ApiClient } from '@japa/api-client'
import { formatRanges } from '#addressing/ranges'
import AddressPool from '#models/address_pool'
import type User from '#models/user'
import { freshAccounts } from '#tests/support/accounts'
import { auditActions } from '#tests/support/audit'
import { world, type World } from '#tests/support/world'

const POOL = {
  name: 'edge',
  cidr: '198.51.100.0/24',
  gateway: '198.51.100.1',
  nameservers: '1.1.1.1 9.9.9.9',
  network: 'lxdbr0',
  addresses: '198.51.100.10-198.51.100.19\n198.51.100.64/30',
  exclusions: '198.51.100.15',
}

test.group('Admin address pools', (group) => {
  freshAccounts(group)

  test('one is made from a network, ranges and exclusions', async ({ client, assert }) => {
    const { scene, admin } = await stage()
    await send(client, 'post', '/admin/address-pools', admin, {
      ...POOL,
      cluster: scene.cluster.uid,
    })
    const pool = await AddressPool.findByOrFail('name', 'edge')
    assert.equal(
      formatRanges(await pool.rangesInOrder(), 4),
      '198.51.100.10-198.51.100.14\n198.51.100.16-198.51.100.19\n198.51.100.64-198.51.100.67'
    )
    assert.deepEqual(pool.nameserverList, ['1.1.1.1', '9.9.9.9'])
    assert.equal(pool.exclusions, '198.51.100.15')
    const form = await client.get(`/admin/address-pools/${pool.uid}/edit`).loginAs(admin)
    assert.match(form.text(), />\s*198\.51\.100\.15<\/textarea>/)
    assert.includeMembers(await auditActions(null), [
      'address_pool.added',
      'address_pool.addresses_changed',
    ])
  })

  test('IPv6 without a list hands out the whole network', async ({ client, assert }) => {
    const { scene, admin } = await stage()
    await send(client, 'post', '/admin/address-pools', admin, {
      ...POOL,
      cluster: scene.cluster.uid,
      cidr: '2001:db8::/64',
      gateway: '2001:db8::1',
      nameservers: '',
      addresses: '',
      exclusions: '',
    })
    const pool = await AddressPool.findByOrFail('name', 'edge')
    assert.equal(pool.family, 6)
    const page = await client.get(`/admin/address-pools/${pool.uid}`).loginAs(admin)
    page.assertTextIncludes('0 leased of about 2^64')
  })

  test('each bad line is named with its number; nothing is kept', async ({ client, assert }) => {
    const { scene, admin } = await stage()
    const refused = await send(client, 'post', '/admin/address-pools', admin, {
      ...POOL,
      cluster: scene.cluster.uid,
      name: scene.pool.name,
      gateway: '10.0.0.1',
      network: 'eth9',
      nameservers: 'dns.example.com',
      addresses: '198.51.100.10\nnonsense\n198.51.100.30-198.51.100.20\n10.0.0.1\n2001:db8::1',
      exclusions: '198.51.100.5/24',
    })
    const problems = refused.flashMessage('inputErrorsBag')
    assert.properties(problems, ['name', 'gateway', 'network', 'nameservers', 'exclusions'])
    assert.deepEqual(problems.addresses, [
      'Line 2, “nonsense”: neither an address, nor a range a-b, nor a network.',
      'Line 3, “198.51.100.30-198.51.100.20”: the first address stands behind the last.',
      'Line 4, “10.0.0.1”: not inside the network range.',
      'Line 5, “2001:db8::1”: IPv4 and IPv6 cannot be mixed.',
    ])
    assert.isNull(await AddressPool.findBy('cidr', POOL.cidr))
  })

  test('a network that is none is told once, not at every line', async ({ client, assert }) => {
    const { scene, admin } = await stage()
    const refused = await send(client, 'post', '/admin/address-pools', admin, {
      ...POOL,
      cluster: scene.cluster.uid,
      cidr: '198.51.100.7/24',
    })
    assert.deepEqual(Object.keys(refused.flashMessage('inputErrorsBag')), ['cidr'])
  })

  test('an import adds lines, and tells what came of them', async ({ client, assert }) => {
    const { scene, admin } = await stage()
    const path = `/admin/address-pools/${scene.pool.uid}`
    const refused = await send(client, 'post', `${path}/imports`, admin, {
      addresses: '10.99.0.251\n<script>',
    })
    assert.deepEqual(refused.flashMessage('inputErrorsBag'), {
      addresses: ['Line 2, “<script>”: neither an address, nor a range a-b, nor a network.'],
    })
    assert.equal(refused.flashMessage('addresses'), '10.99.0.251\n<script>')

    const done = await send(client, 'post', `${path}/imports`, admin, {
      addresses: '10.99.0.249-10.99.0.252 # new rack\n10.99.0.255',
    })
    assert.include(done.flashMessage('import'), { added: 2, known: 2, unusable: 1 })
    const page = await client.get(path).loginAs(admin).withFlashMessages(done.flashMessages())
    page.assertTextIncludes('2 addresses were added')
    page.assertTextIncludes('1 cannot be handed out')
  })

  test('its leases are listed with instance, organization and since when', async ({ client }) => {
    const { scene } = await stage()
    await scene.acme.instance('web-1')
    const viewer = await scene.staff('viewer')
    const page = await client.get(`/admin/address-pools/${scene.pool.uid}`).loginAs(viewer)
    page.assertTextIncludes('web-1')
    page.assertTextIncludes(scene.acme.organization.name)
    page.assertTextIncludes('In use')
  })

  test('it does not shrink away from a lease, and is not deleted with one', async ({
    client,
    assert,
  }) => {
    const { scene, admin } = await stage()
    await scene.acme.instance('web-1')
    const { pool } = scene
    const path = `/admin/address-pools/${pool.uid}`

    const shrink = await send(client, 'put', path, admin, {
      ...POOL,
      cidr: '10.99.1.0/24',
      gateway: '',
      addresses: '',
      exclusions: '',
    })
    assert.include(shrink.flashMessage('notice').message, 'would fall outside')
    const remove = await send(client, 'delete', path, admin, { confirmation: pool.name })
    assert.include(remove.flashMessage('notice').message, '1 address of this pool is leased')
    await pool.refresh()
    assert.equal(pool.cidr, '10.99.0.0/24')
  })

  test('an operator closes and opens it; an empty one is deleted by an admin', async ({
    client,
    assert,
  }) => {
    const { scene, admin } = await stage()
    const operator = await scene.staff('operator')
    const path = `/admin/address-pools/${scene.pool.uid}`
    await send(client, 'post', `${path}/closure`, operator)
    await scene.pool.refresh()
    assert.isFalse(scene.pool.isOpen)
    await send(client, 'delete', `${path}/closure`, operator)
    await send(client, 'delete', path, admin, { confirmation: scene.pool.name })
    assert.isNull(await AddressPool.find(scene.pool.id))
    const actions = await auditActions(null)
    assert.deepEqual(actions.slice(-3), [
      'address_pool.closed',
      'address_pool.opened',
      'address_pool.deleted',
    ])
  })
})

async function stage(): Promise<{ scene: World; admin: User }> {
  const scene = await world()
  await scene.cluster.sync()
  return { scene, admin: await scene.staff('admin') }
}

function send(
  client: ApiClient,
  method: 'post' | 'put' | 'delete',
  url: string,
  user: User,
  form: Record<string, string> = {}
) {
  return client[method](url).form(form).loginAs(user).withCsrfToken().redirects(0)
}
