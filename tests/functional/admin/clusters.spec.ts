import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import type { ApiClient } from '@japa/api-client'
import Cluster from '#models/cluster'
import type User from '#models/user'
import { makeClientCertificate } from '#services/client_certificate'
import { freshAccounts } from '#tests/support/accounts'
import { auditActions, auditEvents } from '#tests/support/audit'
import { selfSigned } from '#tests/support/certificates'
import { TlsServer } from '#tests/support/tls_server'
import { fakeCluster, person, world } from '#tests/support/world'

const TRUSTED = {
  auth: 'trusted',
  api_extensions: [
    'etag',
    'patch',
    'container_push',
    'container_exec_user_group_cwd',
    'resources_v2',
    'projects',
    'instances',
    'container_nic_ipfilter',
    'cloud_init',
    'instance_get_full',
  ],
  environment: { server_version: '5.0.2', server_name: 'tls', driver: 'lxc' },
}

test.group('Admin clusters | adding one', (group) => {
  freshAccounts(group)

  test('goes from the address over the pin and the key pair to the test', async ({
    client,
    assert,
    cleanup,
  }) => {
    const server = await TlsServer.answering({ auth: 'untrusted' })
    cleanup(() => server.close())
    const admin = await person({ staffRole: 'admin' })

    const added = await send(client, 'post', '/admin/clusters', admin, {
      name: 'bj1',
      endpoint: `${server.url}/`,
    })
    const cluster = await Cluster.findByOrFail('liveName', 'bj1')
    assert.equal(cluster.endpoint, server.url)
    assert.isFalse(cluster.isOpen)
    const path = `/admin/clusters/${cluster.uid}`
    added.assertHeader('location', `${path}/identity`)

    const identity = await client.get(`${path}/identity`).loginAs(admin)
    identity.assertTextIncludes(server.fingerprint.slice(0, 4))
    identity.assertTextIncludes(`value="${server.fingerprint}"`)
    const pinned = await send(client, 'put', `${path}/identity`, admin, {
      fingerprint: server.fingerprint,
    })
    pinned.assertHeader('location', `${path}/credentials`)
    const made = await send(client, 'put', `${path}/credentials`, admin, { source: 'generate' })
    made.assertHeader('location', `${path}/trust`)
    assert.isEmpty(server.requests, 'nothing was sent before the test')

    const trust = await client.get(`${path}/trust`).loginAs(admin)
    trust.assertTextIncludes(`lxc config trust add portico-${cluster.uid}.crt`)
    const file = await client.get(`${path}/certificate`).loginAs(admin)
    assert.include(file.text(), '-----BEGIN CERTIFICATE-----')
    assert.notInclude(file.text(), 'PRIVATE')
    assert.include(file.header('content-disposition'), 'attachment')

    const tested = await send(client, 'post', `${path}/tests`, admin, {})
    tested.assertHeader('location', `${path}/trust`)
    const refused = await client.get(`${path}/trust`).loginAs(admin)
    refused.assertTextIncludes('does not trust our certificate')
    assert.deepEqual(await auditActions(null).then((actions) => actions.slice(-4)), [
      'cluster.added',
      'cluster.pinned',
      'cluster.credentials_changed',
      'cluster.tested',
    ])
  })

  test('an address that is none, and a name that is taken, are told at their fields', async ({
    client,
    assert,
  }) => {
    const { cluster } = await fakeCluster()
    const admin = await person({ staffRole: 'admin' })
    for (const endpoint of ['http://10.0.0.5:8443', 'https://a:b@host', 'https://h/x', '', 'a b']) {
      const response = await send(client, 'post', '/admin/clusters', admin, {
        name: cluster.name,
        endpoint,
      })
      assert.properties(response.flashMessage('inputErrorsBag'), ['name', 'endpoint'], endpoint)
    }
    const short = await send(client, 'post', '/admin/clusters', admin, {
      name: 'v6',
      endpoint: '[2001:db8::1]',
    })
    short.assertStatus(302)
    assert.equal((await Cluster.findByOrFail('name', 'v6')).endpoint, 'https://[2001:db8::1]:8443')
  })

  test('a server that cannot be reached is told before anything is pinned', async ({ client }) => {
    const admin = await person({ staffRole: 'admin' })
    const cluster = await Cluster.add({
      name: 'nowhere',
      driver: 'lxd',
      endpoint: 'https://127.0.0.1:1',
    })
    const page = await client.get(`/admin/clusters/${cluster.uid}/identity`).loginAs(admin)
    page.assertTextIncludes('could not be read')
  })

  test('an uploaded key pair must belong together; the private key never comes back', async ({
    client,
    assert,
  }) => {
    const admin = await person({ staffRole: 'admin' })
    const cluster = await Cluster.add({ name: 'pair', driver: 'lxd', endpoint: 'https://h:8443' })
    const path = `/admin/clusters/${cluster.uid}/credentials`
    const [pair, other] = [selfSigned('one'), selfSigned('two')]

    const refused = await send(client, 'put', path, admin, {
      source: 'upload',
      certificate: pair.certificate,
      private_key: other.privateKey,
    })
    assert.deepEqual(refused.flashMessage('inputErrorsBag'), {
      private_key: ['The private key does not belong to the certificate.'],
    })
    assert.notInclude(JSON.stringify(refused.flashMessages()), 'PRIVATE KEY')

    await send(client, 'put', path, admin, {
      source: 'upload',
      certificate: pair.certificate,
      private_key: pair.privateKey,
    })
    await cluster.refresh()
    assert.equal(cluster.credentials().privateKey, pair.privateKey.trim())
    assert.notInclude(cluster.credentialsEncrypted!, 'PRIVATE')
    const page = await client.get(path).loginAs(admin)
    assert.notInclude(page.text(), pair.privateKey.split('\n')[1])
    const events = await auditEvents(null)
    assert.notInclude(JSON.stringify(events), pair.privateKey.split('\n')[1])
  })

  test('pins, keys, trust and removal ask for a fresh proof of identity', async ({ client }) => {
    const { cluster } = await fakeCluster()
    const admin = await person({ staffRole: 'admin' })
    const path = `/admin/clusters/${cluster.uid}`
    for (const [method, url] of [
      ['get', `${path}/identity`],
      ['put', `${path}/identity`],
      ['get', `${path}/credentials`],
      ['put', `${path}/credentials`],
      ['get', `${path}/trust`],
      ['post', `${path}/trust`],
      ['delete', path],
    ] as const) {
      const request = client[method](url).loginAs(admin).withCsrfToken().redirects(0)
      request.setup(async () => {
        await db.from('user_sessions').update({ confirmed_at: '2026-01-01 00:00:00' })
      })
      const response = await request
      response.assertHeader('location', '/account/confirm')
    }
  })
})

test.group('Admin clusters | connection', (group) => {
  freshAccounts(group)

  test('each way to fail has a diagnosis that says what to do', async ({
    client,
    assert,
    cleanup,
  }) => {
    const admin = await person({ staffRole: 'admin' })
    const old = await TlsServer.answering({ ...TRUSTED, api_extensions: ['etag'] })
    const untrusting = await TlsServer.answering({ auth: 'untrusted' })
    const late = await TlsServer.answering(TRUSTED, { date: new Date(Date.now() - 600_000) })
    for (const server of [old, untrusting, late]) cleanup(() => server.close())
    const cases = [
      {
        kind: 'unreachable',
        url: 'https://127.0.0.1:1',
        pin: 'a'.repeat(64),
        text: 'cannot be reached',
      },
      {
        kind: 'tls_mismatch',
        url: old.url,
        pin: 'a'.repeat(64),
        text: 'shows another certificate',
      },
      {
        kind: 'unauthorized',
        url: untrusting.url,
        pin: untrusting.fingerprint,
        text: 'lxc config trust list',
      },
      { kind: 'unsupported', url: old.url, pin: old.fingerprint, text: 'is too old' },
      { kind: 'clock_skew', url: late.url, pin: late.fingerprint, text: 'is off by' },
    ]
    for (const { kind, url, pin, text } of cases) {
      const cluster = await connected(`c-${kind}`, url, pin)
      const path = `/admin/clusters/${cluster.uid}`
      await send(client, 'post', `${path}/tests`, admin, {})
      await cluster.refresh()
      assert.equal(cluster.diagnosis, kind)
      for (const locale of ['en', 'zh-CN']) {
        await admin.merge({ locale }).save()
        const page = await client.get(`${path}/trust`).loginAs(admin)
        assert.notInclude(page.text(), 'diagnosis.', `${kind} ${locale}`)
        if (locale === 'en') page.assertTextIncludes(text)
      }
    }
    assert.isEmpty(
      old.requests.filter((request) => !request.startsWith('GET ')),
      'a refused pin sends nothing'
    )
  })

  test('a server that does not answer in time is told as that', async ({ assert, cleanup }) => {
    const silent = await TlsServer.listen(() => {})
    cleanup(() => silent.close())
    const cluster = await connected('silent', silent.url, silent.fingerprint)
    assert.equal(await cluster.test(), 'timeout')
  }).timeout(60_000)

  test('a dead cluster says so on its page and on the dashboard, and hurts nobody else', async ({
    client,
    assert,
  }) => {
    const [dead, alive] = [await fakeCluster(), await fakeCluster()]
    const operator = await person({ staffRole: 'operator' })
    await dead.cluster.sync()
    dead.fake.goOffline()

    const sync = await send(client, 'post', `/admin/clusters/${dead.cluster.uid}/syncs`, operator)
    sync.assertHeader('location', `/admin/clusters/${dead.cluster.uid}`)
    await send(client, 'post', `/admin/clusters/${alive.cluster.uid}/syncs`, operator)

    for (const path of ['/admin', `/admin/clusters/${dead.cluster.uid}`]) {
      const page = await client.get(path).loginAs(operator)
      page.assertStatus(200)
      page.assertTextIncludes(`${dead.cluster.name} cannot be reached`)
    }
    await alive.cluster.refresh()
    assert.equal(alive.cluster.status, 'online')
    const actions = await auditEvents(null)
    assert.deepEqual(
      actions.filter(({ action }) => action === 'cluster.synced').map(({ outcome }) => outcome),
      ['failed', 'succeeded']
    )
  })
})

test.group('Admin clusters | day to day', (group) => {
  freshAccounts(group)

  test('an operator closes and opens it and its nodes; twice records once', async ({
    client,
    assert,
  }) => {
    const { cluster, node } = await fakeCluster()
    const operator = await person({ staffRole: 'operator' })
    const path = `/admin/clusters/${cluster.uid}/closure`
    await send(client, 'post', path, operator)
    await send(client, 'post', path, operator)
    await cluster.refresh()
    assert.isFalse(cluster.isOpen)
    await send(client, 'delete', path, operator)
    await cluster.refresh()
    assert.isTrue(cluster.isOpen)
    await send(client, 'post', `/admin/nodes/${node.uid}/closure`, operator)
    await node.refresh()
    assert.isFalse(node.isOpen)
    await send(client, 'delete', `/admin/nodes/${node.uid}/closure`, operator)
    assert.deepEqual(await auditActions(null), [
      'cluster.closed',
      'cluster.opened',
      'node.closed',
      'node.opened',
    ])
  })

  test('its settings are changed and recorded with what they were', async ({ client, assert }) => {
    const { cluster } = await fakeCluster()
    const admin = await person({ staffRole: 'admin' })
    const path = `/admin/clusters/${cluster.uid}`
    const bad = await send(client, 'put', path, admin, {
      name: '',
      max_parallel_operations: '0',
      memory_overcommit: '9',
    })
    assert.properties(bad.flashMessage('inputErrorsBag'), [
      'name',
      'max_parallel_operations',
      'memory_overcommit',
    ])

    await send(client, 'put', path, admin, {
      name: 'renamed',
      max_parallel_operations: '3',
      memory_overcommit: '1.5',
    })
    await cluster.refresh()
    assert.equal(cluster.name, 'renamed')
    assert.equal(cluster.liveName, 'renamed')
    assert.equal(cluster.maxParallelOperations, 3)
    assert.equal(cluster.settings.memoryOvercommit, 1.5)
    const [event] = await auditEvents(null)
    assert.equal(event.action, 'cluster.changed')
    assert.equal(JSON.parse(event.before).maxParallelOperations, 50)
    assert.equal(JSON.parse(event.after).maxParallelOperations, 3)
  })

  test('it is removed by its typed name, and only when no instance lives there', async ({
    client,
    assert,
  }) => {
    const scene = await world()
    const admin = await scene.staff('admin')
    const instance = await scene.acme.instance('web-1')
    const { cluster } = scene
    const path = `/admin/clusters/${cluster.uid}`

    const mistyped = await send(client, 'delete', path, admin, { confirmation: 'fake' })
    assert.property(mistyped.flashMessage('inputErrorsBag'), 'confirmation')
    const refused = await send(client, 'delete', path, admin, { confirmation: cluster.name })
    assert.include(refused.flashMessage('notice').message, '1 instance lives on this cluster')

    await db.from('addresses').where('instance_id', instance.id).delete()
    await db.from('instances').update({ deleted_at: '2026-01-01 00:00:00', live_name: null })
    const { name } = cluster
    await send(client, 'delete', path, admin, { confirmation: name })

    await cluster.refresh()
    assert.isNotNull(cluster.removedAt)
    assert.isNull(cluster.credentialsEncrypted)
    assert.isEmpty(await db.from('address_pools').where('cluster_id', cluster.id))
    const gone = await client.get(path).loginAs(admin)
    gone.assertStatus(404)
    // Its name is free again.
    await Cluster.add({ name, driver: 'fake', endpoint: 'fake:elsewhere.sqlite' })
  })

  test('key pairs do not open for another cluster', async ({ assert }) => {
    const first = await Cluster.add({ name: 'a', driver: 'lxd', endpoint: 'https://h:1' })
    const second = await Cluster.add({ name: 'b', driver: 'lxd', endpoint: 'https://h:2' })
    await first.keepKeyPair(await makeClientCertificate('portico'))
    second.credentialsEncrypted = first.credentialsEncrypted
    assert.throws(() => second.credentials())
  })
})

async function connected(name: string, endpoint: string, fingerprint: string): Promise<Cluster> {
  const cluster = await Cluster.add({ name, driver: 'lxd', endpoint })
  await cluster.pin(fingerprint)
  await cluster.keepKeyPair(selfSigned('portico'))
  return cluster
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
