import { test } from '@japa/runner'
import type { ApiClient } from '@japa/api-client'
import db from '@adonisjs/lucid/services/db'
import ClusterForwarder from '#models/cluster_forwarder'
import PortPool from '#models/port_pool'
import type User from '#models/user'
import { freshAccounts } from '#tests/support/accounts'
import { auditActions } from '#tests/support/audit'
import { finish, portPool, world } from '#tests/support/world'
import { IkuaiRouter } from '#tests/support/simulators/ikuai'

const POOL = {
  name: 'edge',
  address: '203.0.113.7',
  listen_address: '',
  ports: '20000-20999\n22000',
  reserved: '20022',
}

async function stage() {
  const scene = await world()
  return { scene, admin: await scene.staff('admin') }
}

function send(
  client: ApiClient,
  method: 'post' | 'put' | 'delete',
  path: string,
  by: User,
  form: object
) {
  return client[method](path).form(form).withCsrfToken().loginAs(by).redirects(0)
}

test.group('Admin port pools', (group) => {
  freshAccounts(group)

  test('one is made, changed, filled by paste and deleted', async ({ client, assert }) => {
    const { scene, admin } = await stage()
    await send(client, 'post', '/admin/port-pools', admin, { ...POOL, cluster: scene.cluster.uid })
    const pool = await PortPool.findByOrFail('name', 'edge')
    assert.equal(pool.ports, '20000-20999, 22000')
    const path = `/admin/port-pools/${pool.uid}`

    const refused = await send(client, 'post', `${path}/imports`, admin, { ports: '30000\n0\nweb' })
    assert.deepEqual(refused.flashMessage('inputErrorsBag'), {
      ports: [
        'Line 2, “0”: ports are from 1 to 65535.',
        'Line 3, “web”: neither a port nor a range a-b.',
      ],
    })
    await send(client, 'post', `${path}/imports`, admin, { ports: '20999-21001 # new' })
    await send(client, 'put', path, admin, { ...POOL, name: 'renamed', ports: '20000-21001' })
    await pool.refresh()
    assert.include(
      { name: pool.name, ports: pool.ports },
      { name: 'renamed', ports: '20000-21001' }
    )
    const page = await client.get(path).loginAs(admin)
    page.assertTextIncludes('20000-21001')
    await client.get(`${path}/edit`).loginAs(admin)
    await send(client, 'delete', path, admin, { confirmation: 'renamed' })
    assert.isNull(await PortPool.find(pool.id))
    assert.includeMembers(await auditActions(null), ['port_pool.added', 'port_pool.deleted'])
  })

  test('a pool keeps the ports that are leased', async ({ client, assert }) => {
    const { scene, admin } = await stage()
    // Before the pool: its port to SSH would be any of the ten.
    const web = await scene.acme.instance('web-1')
    const pool = await portPool(scene.cluster, { ports: '20000-20009' })
    const { operation } = await scene.acme.inside(() =>
      web.forward({ protocol: 'tcp', targetPort: 80, port: 20_005 }, scene.acme.owner)
    )
    await finish(operation)
    const path = `/admin/port-pools/${pool.uid}`
    const form = { ...POOL, name: pool.name, ports: '30000', reserved: '' }
    const refused = await send(client, 'put', path, admin, form)
    assert.property(refused.flashMessage('inputErrorsBag'), 'ports')
    await send(client, 'delete', path, admin, { confirmation: pool.name })
    await pool.refresh()
    assert.equal(pool.ports, '20000-20009')
  })

  test('addresses of two families do not fit together', async ({ client, assert }) => {
    const { scene, admin } = await stage()
    const form = {
      ...POOL,
      cluster: scene.cluster.uid,
      listen_address: '2001:db8::1',
      address: '999.1.1.1',
    }
    const refused = await send(client, 'post', '/admin/port-pools', admin, form)
    assert.property(refused.flashMessage('inputErrorsBag'), 'address')
    const mixed = { ...form, address: '203.0.113.7' }
    const second = await send(client, 'post', '/admin/port-pools', admin, mixed)
    assert.deepEqual(second.flashMessage('inputErrorsBag'), {
      listen_address: ['Address at the node must be IPv4 or IPv6 as the public address is.'],
    })
  })
})

test.group('Admin port forwarding of a cluster', (group) => {
  freshAccounts(group)

  const SSH = {
    kind: 'iptables',
    public_address: '203.0.113.7',
    place: 'ssh',
    ssh_host: '127.0.0.1',
    ssh_port: '9',
    ssh_user: 'portico',
    listen_interface: 'eth0',
  }

  test('LXD or the fake carries them until a firewall is chosen', async ({ client, assert }) => {
    const { scene, admin } = await stage()
    const path = `/admin/clusters/${scene.cluster.uid}/forwarder`
    const page = await client.get(path).loginAs(admin)
    page.assertTextIncludes('The fake cluster')
    await send(client, 'put', path, admin, {
      kind: 'fake',
      public_address: '203.0.113.9',
      place: 'here',
    })
    const create = await client
      .get(`/admin/port-pools/create?cluster=${scene.cluster.uid}`)
      .loginAs(admin)
    create.assertTextIncludes('203.0.113.9')
    const checked = await send(client, 'post', `${path}/checks`, admin, {})
    assert.equal(checked.flashMessage('notice').kind, 'success')
    assert.includeMembers(await auditActions(null), ['forwarder.chosen', 'forwarder.checked'])
  })

  test('without a host key nothing is kept', async ({ client, assert }) => {
    const { scene, admin } = await stage()
    const path = `/admin/clusters/${scene.cluster.uid}/forwarder`
    const answer = await send(client, 'put', path, admin, SSH)
    assert.isNull(answer.flashMessage('first_contact').hostKey)
    assert.isNull(await ClusterForwarder.findBy('clusterId', scene.cluster.id))
  })

  test('a key is made, kept sealed and shown by its public half only', async ({
    client,
    assert,
  }) => {
    const { scene, admin } = await stage()
    const path = `/admin/clusters/${scene.cluster.uid}/forwarder`
    const form = { ...SSH, ssh_host_key: `SHA256:${'a'.repeat(43)}` }
    await send(client, 'put', path, admin, form)
    const row = await db.from('cluster_forwarders').where('cluster_id', scene.cluster.id).first()
    assert.match(row.ssh_public_key, /^ssh-ed25519 /)
    assert.match(row.credentials_encrypted, /^v1\./)
    assert.equal(row.error_kind, 'unreachable')
    const page = await client.get(path).loginAs(admin)
    page.assertTextIncludes(row.ssh_public_key.split(' ')[1])
    page.assertTextIncludes('NOPASSWD')
    assert.notInclude(page.text(), 'PRIVATE KEY')
  })

  test('a private key that is none is refused and not shown again', async ({ client, assert }) => {
    const { scene, admin } = await stage()
    const path = `/admin/clusters/${scene.cluster.uid}/forwarder`
    const form = {
      ...SSH,
      ssh_host_key: `SHA256:${'a'.repeat(43)}`,
      private_key: 'canary of a key',
    }
    const refused = await send(client, 'put', path, admin, form)
    assert.deepEqual(refused.flashMessage('inputErrorsBag'), {
      private_key: ['This is no private SSH key.'],
    })
    assert.isUndefined(refused.flashMessage('private_key'))
  })

  const ROUTER = { kind: 'ikuai', public_address: '203.0.113.7', place: 'here' }

  test('a router shows its certificate first, and its password is sealed', async ({
    client,
    assert,
    cleanup,
  }) => {
    const { scene, admin } = await stage()
    const path = `/admin/clusters/${scene.cluster.uid}/forwarder`
    const router = await IkuaiRouter.start(3)
    cleanup(() => router.close())
    const form = {
      ...ROUTER,
      router_endpoint: router.endpoint,
      router_user: 'portico',
      router_secret: router.password,
    }
    const first = await send(client, 'put', path, admin, form)
    assert.equal(first.flashMessage('router_contact').fingerprint, router.fingerprint)
    assert.isUndefined(first.flashMessage('router_secret'))
    assert.isNull(await ClusterForwarder.findBy('clusterId', scene.cluster.id))
    assert.isEmpty(router.calls)
    await send(client, 'put', path, admin, { ...form, router_fingerprint: router.fingerprint })
    const kept = await ClusterForwarder.findByOrFail('clusterId', scene.cluster.id)
    assert.isNull(kept.errorKind)
    assert.match(kept.credentialsEncrypted!, /^v1\./)
    const page = await client.get(path).loginAs(admin)
    assert.notInclude(page.text(), router.password)
    // Saved again without it, the password stays; for another router it does not.
    const again = { ...form, router_secret: '', router_fingerprint: router.fingerprint }
    await send(client, 'put', path, admin, again)
    await kept.refresh()
    assert.isNotNull(kept.credentialsEncrypted)
    const elsewhere = { ...again, router_endpoint: 'https://127.0.0.1:9' }
    await send(client, 'put', path, admin, elsewhere)
    await kept.refresh()
    assert.isNull(kept.credentialsEncrypted)
    assert.equal(kept.errorKind, 'unauthorized')
  })

  test('an address that is none of a router is refused at its field', async ({
    client,
    assert,
  }) => {
    const { scene, admin } = await stage()
    const path = `/admin/clusters/${scene.cluster.uid}/forwarder`
    for (const address of ['ftp://a', 'https://u:p@10.0.0.1', 'https://10.0.0.1/x', 'nonsense']) {
      const refused = await send(client, 'put', path, admin, {
        ...ROUTER,
        router_endpoint: address,
      })
      assert.deepEqual(Object.keys(refused.flashMessage('inputErrorsBag')), ['router_endpoint'])
    }
    const missing = await send(client, 'put', path, admin, ROUTER)
    assert.deepEqual(Object.keys(missing.flashMessage('inputErrorsBag')), ['router_endpoint'])
  })
})
