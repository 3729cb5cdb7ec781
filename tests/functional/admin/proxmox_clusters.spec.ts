import { test } from '@japa/runner'
import type { ApiClient } from '@japa/api-client'
import db from '@adonisjs/lucid/services/db'
import Cluster from '#models/cluster'
import Image from '#models/image'
import Node from '#models/node'
import type User from '#models/user'
import { freshAccounts } from '#tests/support/accounts'
import { auditEvents } from '#tests/support/audit'
import { proxmoxCluster, TEMPLATE } from '#tests/support/proxmox_world'
import { ProxmoxSimulator } from '#tests/support/simulators/proxmox/simulator'
import { finish, person, ROOT_PASSWORD, tenant } from '#tests/support/world'

const THREE = ['pve1', 'pve2', 'pve3'].map((name) => ({ name }))

test.group('Admin clusters of Proxmox VE', (group) => {
  freshAccounts(group)
  let simulator: ProxmoxSimulator

  group.each.setup(async () => {
    simulator = await ProxmoxSimulator.start({ nodes: THREE })
    return () => simulator.close()
  })

  test('one is added by hand, from its address to its templates, with an API token', async ({
    client,
    assert,
  }) => {
    const admin = await person({ staffRole: 'admin' })
    const form = { driver: 'proxmox', name: 'pve', endpoint: simulator.endpoint }
    await send(client, 'post', '/admin/clusters', admin, form)
    const cluster = await Cluster.findByOrFail('liveName', 'pve')
    const path = `/admin/clusters/${cluster.uid}`
    assert.equal(cluster.driver, 'proxmox')

    const identity = await client.get(`${path}/identity`).loginAs(admin)
    identity.assertTextIncludes(`value="${simulator.fingerprint}"`)
    const pinned = await send(client, 'put', `${path}/identity`, admin, {
      fingerprint: simulator.fingerprint,
    })
    pinned.assertHeader('location', `${path}/credentials`)

    const bad = await send(client, 'put', `${path}/credentials`, admin, {
      by: 'token',
      token_id: 'no token',
      token_secret: 'x',
    })
    assert.properties(bad.flashMessage('inputErrorsBag'), ['token_id'])
    await send(client, 'put', `${path}/credentials`, admin, {
      by: 'token',
      token_id: simulator.tokenId,
      token_secret: 'a-canary-that-is-wrong',
    })
    const refused = await send(client, 'post', `${path}/tests`, admin)
    refused.assertHeader('location', `${path}/credentials`)
    const told = await client.get(`${path}/credentials`).loginAs(admin)
    told.assertTextIncludes('does not let Portico in')
    assert.notInclude(told.text(), 'a-canary-that-is-wrong')

    await send(client, 'put', `${path}/credentials`, admin, {
      by: 'token',
      token_id: simulator.tokenId,
      token_secret: simulator.token,
    })
    const tested = await send(client, 'post', `${path}/tests`, admin)
    tested.assertHeader('location', `${path}/placement`)
    const placement = await client.get(`${path}/placement`).loginAs(admin)
    for (const word of ['tank', 'vmbr0', '20000']) placement.assertTextIncludes(word)
    const upsideDown = {
      storage_pool: 'tank',
      networks: 'vmbr0',
      first_vmid: '900',
      last_vmid: '800',
    }
    const wrong = await send(client, 'put', `${path}/placement`, admin, upsideDown)
    assert.properties(wrong.flashMessage('inputErrorsBag'), ['last_vmid'])
    const placed = await send(client, 'put', `${path}/placement`, admin, {
      ...upsideDown,
      last_vmid: '999',
    })
    placed.assertHeader('location', path)

    await cluster.refresh()
    assert.isNull(cluster.setupStep)
    assert.include(cluster.settings, { firstVmid: 900, lastVmid: 999, storagePool: 'tank' })
    assert.lengthOf(await Node.query().where('cluster_id', cluster.id), 3)
    assert.isNotNull(await Image.findBy({ clusterId: cluster.id, ref: TEMPLATE }))
    const page = await client.get(path).loginAs(admin)
    page.assertTextIncludes(simulator.tokenId)
    const events = JSON.stringify(await auditEvents(null))
    assert.include(events, simulator.tokenId)
    assert.notInclude(events, simulator.token)
    await send(client, 'put', path, admin, {
      name: 'pve',
      endpoint: simulator.endpoint.replace('https://', ''),
      max_parallel_operations: '4',
      memory_overcommit: '1',
      time_zone: 'UTC',
      vlans: '20, 30',
    })
    await cluster.refresh()
    assert.deepEqual(cluster.settings.vlans, [20, 30])
    await cluster.sync()
    assert.deepInclude(
      (await cluster.presentNetworks()).map(({ name }) => name),
      'vmbr0:20'
    )
    assert.isEmpty(simulator.invalidRequests.filter(({ call }) => !call.includes('nextid')))
  })

  test('a user with a password is let in as well, and a new ticket is had when the old one ends', async ({
    assert,
  }) => {
    const cluster = await Cluster.add({
      name: 'by-password',
      driver: 'proxmox',
      endpoint: simulator.endpoint,
    })
    await cluster.pin(simulator.fingerprint)
    await cluster.keepAccess({ username: simulator.username, password: simulator.password })
    assert.equal(await cluster.test(), 'ok')
    const driver = await cluster.openDriver()
    await driver.nodes.list()
    simulator.expireTickets()
    assert.lengthOf(await driver.nodes.list(), 3)
    await driver.close()
    assert.notInclude(JSON.stringify(cluster.serialize()), simulator.password)
  })

  test('an instance gets a number of the range, past those of strangers, and gives it back', async ({
    assert,
  }) => {
    const around = await proxmoxCluster(simulator)
    const acme = await tenant('Acme', around)
    simulator.place(5_000, { node: 'pve2' })
    const { instance, operation } = await acme.order('web-1')
    await finish(operation)
    assert.equal(operation.state, 'succeeded', operation.error ?? '')
    await acme.inside(() => instance.refresh())
    assert.equal(instance.ref, '5001')
    const guest = simulator.cluster.guests.get(5_001)!
    assert.isTrue(guest.isRunning)
    assert.include(guest.config.tags, instance.uid)
    const created = simulator.requests.find(({ call }) => call === 'POST /nodes/{node}/lxc')!
    assert.equal(created.given.password, ROOT_PASSWORD)
    const rows = await db.from('operations').select('*')
    assert.notInclude(JSON.stringify(rows), ROOT_PASSWORD)

    const second = await acme.instance('web-2')
    assert.equal(second.ref, '5002')
    const gone = await acme.inside(() => instance.destroy(acme.owner))
    await finish(gone)
    assert.equal(gone.state, 'succeeded', gone.error ?? '')
    assert.isFalse(simulator.cluster.guests.has(5_001))
    assert.isTrue(simulator.cluster.guests.has(5_000))
    const third = await acme.instance('web-3')
    assert.equal(third.ref, '5001')
  })

  test('a create that fails leaves no guest and no number', async ({ assert }) => {
    const around = await proxmoxCluster(simulator)
    const acme = await tenant('Acme', around)
    for (const node of THREE) {
      void node
      simulator.failTask('vzcreate', 'unable to create CT - no space left on device')
    }
    const { instance, operation } = await acme.order('web-1')
    await finish(operation)
    assert.equal(operation.state, 'failed')
    await acme.inside(() => instance.refresh())
    assert.notMatch(instance.ref, /^\d+$/)
    assert.equal(simulator.cluster.guests.size, 0)
  })

  test('a round of readings asks the cluster once, however many guests there are', async ({
    assert,
  }) => {
    const around = await proxmoxCluster(simulator)
    for (let number = 6_000; number < 6_040; number++) {
      simulator.place(number, { node: THREE[number % 3]!.name, isRunning: true })
    }
    const driver = await around.cluster.openDriver()
    const before = simulator.requests.length
    const usage = await driver.metrics!.usage()
    await driver.close()
    assert.equal(simulator.requests.length - before, 1)
    assert.isAtLeast(usage.length, 40)
  })
})

function send(
  client: ApiClient,
  method: 'post' | 'put',
  url: string,
  user: User,
  form: Record<string, string> = {}
) {
  return client[method](url).form(form).loginAs(user).withCsrfToken().redirects(0)
}
