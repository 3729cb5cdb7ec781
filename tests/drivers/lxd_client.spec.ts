import { createServer, type Server } from 'node:net'
import type { AddressInfo } from 'node:net'
import { test } from '@japa/runner'
import type { ClusterConnection } from '#drivers/contract'
import { onDriverCall, type DriverCall } from '#drivers/calls'
import { LxdClient, parseEndpoint } from '#drivers/lxd/client'
import { canTrustClient, driverFor, identifyServer } from '#drivers/registry'
import { errorOf, kindOf } from '#tests/drivers/conformance'
import { TlsServer } from '#tests/support/tls_server'

const NEW_ENOUGH = [
  ...['etag', 'patch', 'container_push', 'container_exec_user_group_cwd', 'resources_v2'],
  ...['projects', 'instances', 'container_nic_ipfilter', 'cloud_init', 'instance_get_full'],
]
const SERVER = {
  auth: 'trusted',
  api_extensions: NEW_ENOUGH,
  environment: { server_version: '5.0.2', server_name: 'lab', driver: 'lxc | qemu' },
}

/** How LXD answers is told by real ones in lxd.spec.ts; here is what else may stand at its address. */
test.group('LXD client', (group) => {
  let server: TlsServer | null = null
  let plain: Server | null = null

  group.each.teardown(async () => {
    await server?.close()
    plain?.close()
    server = plain = null
  })

  const probe = async (connection: ClusterConnection) => {
    const driver = await driverFor(connection)
    return driver.probe().finally(() => driver.close())
  }

  const listen = async (onConnection: Parameters<typeof createServer>[1]) => {
    plain = createServer(onConnection!)
    await new Promise<void>((resolve) => plain!.listen(0, '127.0.0.1', resolve))
    return `https://127.0.0.1:${(plain.address() as AddressInfo).port}`
  }

  test('first contact shows the certificate and sends nothing', async ({ assert }) => {
    server = await TlsServer.answering(SERVER)
    const identity = await identifyServer('lxd', server.url)
    assert.equal(identity!.fingerprint, server.fingerprint)
    assert.match(identity!.fingerprint, /^[0-9a-f]{64}$/)
    assert.equal(identity!.subject, 'CN=127.0.0.1')
    assert.isAbove(Date.parse(identity!.validTo), Date.now())
    assert.isEmpty(server.requests)
    assert.isTrue(await canTrustClient('lxd'))
  })

  test('to a server with another certificate than the pinned one not one byte of a request goes', async ({
    assert,
  }) => {
    server = await TlsServer.answering(SERVER)
    const pinned = 'ab'.repeat(32)
    const error = await errorOf(probe(server.connection({ tlsFingerprint: pinned })))
    assert.equal(error.kind, 'tls_mismatch')
    assert.include(error.message, pinned)
    assert.include(error.message, server.fingerprint)
    assert.isFalse(error.retryable)
    assert.isEmpty(server.requests)
  })

  test('the pin is compared whatever its case', async ({ assert }) => {
    server = await TlsServer.answering(SERVER)
    const facts = await probe(
      server.connection({ tlsFingerprint: server.fingerprint.toUpperCase() })
    )
    assert.deepEqual(facts.kinds, ['container', 'virtual-machine'])
  })

  test('an LXD that is too old is unsupported, and told is what it lacks', async ({ assert }) => {
    server = await TlsServer.answering({ ...SERVER, api_extensions: ['etag', 'patch'] })
    const error = await errorOf(probe(server.connection()))
    assert.equal(error.kind, 'unsupported')
    assert.include(error.message, 'instance_get_full')
  })

  test('something else than LXD is unsupported', async ({ assert }) => {
    server = await TlsServer.listen((_request, response) =>
      response.end('<h1>Welcome to nginx!</h1>')
    )
    assert.equal(await kindOf(probe(server.connection())), 'unsupported')
  })

  test('a certificate that is not trusted is unauthorized, with a word about a clock that is off', async ({
    assert,
  }) => {
    server = await TlsServer.answering(
      { ...SERVER, auth: 'untrusted' },
      { date: new Date(Date.now() - 7_200_000) }
    )
    const error = await errorOf(probe(server.connection()))
    assert.equal(error.kind, 'unauthorized')
    assert.match(error.message, /does not trust our certificate; its clock is 7[12]\d\d s behind/)
  })

  test('the clock’s skew is told, and less than its resolution is none', async ({ assert }) => {
    server = await TlsServer.answering(SERVER, { date: new Date(Date.now() + 3_600_000) })
    const facts = await probe(server.connection())
    assert.closeTo(facts.clockSkewMs!, 3_600_000, 2_000)
    await server.close()
    server = await TlsServer.answering(SERVER)
    const exact = await probe(server.connection())
    assert.equal(exact.clockSkewMs, 0)
  })

  test('a server that never answers is a timeout', async ({ assert }) => {
    server = await TlsServer.listen(() => {})
    const error = await errorOf(probe(server.connection({ settings: { timeoutMs: 200 } })))
    assert.equal(error.kind, 'timeout')
    assert.isTrue(error.retryable)
  })

  test('an address where nobody, or nobody with TLS, listens is unreachable', async ({
    assert,
  }) => {
    server = await TlsServer.answering(SERVER)
    const closed = await listen((socket) => socket.destroy())
    assert.equal(await kindOf(probe(server.connection({ endpoint: closed }))), 'unreachable')
    plain!.close()
    const talks = await listen((socket) => socket.end('220 mail.example.com ESMTP\r\n'))
    assert.equal(await kindOf(probe(server.connection({ endpoint: talks }))), 'unreachable')
    assert.equal(await kindOf(identifyServer('lxd', talks)), 'unreachable')
    assert.equal(await kindOf(identifyServer('lxd', 'https://127.0.0.1:9')), 'unreachable')
    const unknown = 'https://nobody.invalid:8443'
    assert.equal(await kindOf(probe(server.connection({ endpoint: unknown }))), 'unreachable')
  })

  test('an answer that breaks off is unreachable, one without end is cut', async ({ assert }) => {
    server = await TlsServer.listen((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('{"type":')
      setTimeout(() => response.destroy(), 20)
    })
    assert.equal(await kindOf(probe(server.connection())), 'unreachable')
    await server.close()
    server = await TlsServer.listen((_request, response) => response.end('x'.repeat(100_000)))
    const client = new LxdClient(server.connection())
    const error = await errorOf(client.get('/1.0', { largestAnswer: 10_000 }))
    assert.equal(error.kind, 'unreachable')
    client.close()
  })

  test('statuses without a word have their kinds', async ({ assert }) => {
    let status = 0
    server = await TlsServer.listen((_request, response) => {
      response.statusCode = status
      response.end(JSON.stringify({ type: 'error', error: 'hm', error_code: status }))
    })
    const client = new LxdClient(server.connection())
    const kinds = {
      400: 'invalid',
      401: 'unauthorized',
      403: 'unauthorized',
      404: 'not_found',
      409: 'already_exists',
      412: 'busy',
      429: 'rate_limited',
      500: 'task_failed',
      501: 'unsupported',
      503: 'unreachable',
    }
    for (const [code, kind] of Object.entries(kinds)) {
      status = Number(code)
      assert.equal(await kindOf(client.get('/1.0/instances')), kind, code)
    }
    client.close()
  })

  test('a read is asked again when a kept connection was closed, a change is not', async ({
    assert,
  }) => {
    let answered = 0
    server = await TlsServer.listen((request, response) => {
      answered += 1
      if (answered === 2 || answered === 5) return request.socket.destroy()
      response.end(JSON.stringify({ type: 'sync', metadata: SERVER }))
    })
    const client = new LxdClient(server.connection())
    await client.get('/1.0')
    await client.get('/1.0')
    await client.get('/1.0')
    assert.equal(await kindOf(client.request('POST', '/1.0/instances')), 'unreachable')
    assert.deepEqual(server.requests.slice(1, 3), ['GET /1.0', 'GET /1.0'])
    assert.lengthOf(server.requests, 5)
    client.close()
  })

  test('the project goes with every request, and no part of a path can leave its place', async ({
    assert,
  }) => {
    server = await TlsServer.listen((_request, response) => {
      response.statusCode = 404
      response.end(JSON.stringify({ type: 'error', error: 'Instance not found' }))
    })
    const driver = await driverFor(server.connection({ settings: { project: 'a&b' } }))
    assert.isNull(await driver.instances.find('../../1.0?x=y#'))
    assert.equal(await kindOf(driver.instances.find('web-1')), 'invalid')
    await driver.close()
    assert.deepEqual(server.requests, [
      'GET /1.0/instances/web-1?recursion=1&project=a%26b',
      'GET /1.0/projects/a%26b?project=a%26b',
    ])
  })

  test('an address with a password is refused without repeating it', async ({ assert }) => {
    for (const endpoint of ['https://user:canary@10.0.0.5:8443', 'canary', 'http://10.0.0.5']) {
      const error = await errorOf(Promise.resolve().then(() => parseEndpoint(endpoint)))
      assert.equal(error.kind, 'invalid')
      assert.notInclude(error.message, 'canary')
    }
    assert.equal(parseEndpoint('https://[2001:db8::1]').href, 'https://[2001:db8::1]:8443/')
  })

  test('the members of a cluster are its nodes, and a create goes to the one that was chosen', async ({
    assert,
  }) => {
    const gib = 2 ** 30
    const answers: Record<string, unknown> = {
      '/1.0/cluster/members': [
        { server_name: 'm1', status: 'Online' },
        { server_name: 'm2', status: 'Offline' },
      ],
      '/1.0/storage-pools': [
        { name: 'local', driver: 'zfs', status: 'Created' },
        { name: 'shared', driver: 'ceph', status: 'Created' },
        { name: 'broken', driver: 'zfs', status: 'Errored' },
      ],
      '/1.0/storage-pools/local/resources': { space: { total: 100 * gib, used: gib } },
      '/1.0/storage-pools/shared/resources': { space: { total: 900 * gib, used: 9 * gib } },
      '/1.0/resources': { cpu: { total: 8 }, memory: { total: 64 * gib, used: gib } },
      '/1.0/networks/br0': { type: 'bridge', managed: true, config: {} },
      '/1.0/instances': { id: 'operation-1' },
    }
    server = await TlsServer.listen((request, response) => {
      const { pathname } = new URL(request.url!, 'https://lxd')
      const metadata = answers[pathname]
      response.statusCode = metadata ? 200 : 404
      const type = request.method === 'POST' ? 'async' : metadata ? 'sync' : 'error'
      response.end(JSON.stringify({ type, error: 'Instance not found', metadata }))
    })
    const facts = {
      ...{ product: 'LXD', version: '5.0.2', serverName: 'm1', clustered: true },
      ...{ kinds: [], extensions: [], clockSkewMs: 0 },
    }
    const driver = await driverFor(server.connection({ facts, settings: { storagePool: 'local' } }))
    const room = { memoryMib: 65_536, memoryUsedMib: 1_024, diskGib: 100, diskUsedGib: 1 }
    const none = { cpus: 0, memoryMib: 0, memoryUsedMib: 0, diskGib: 0, diskUsedGib: 0 }
    assert.deepEqual(await driver.nodes.list(), [
      { ref: 'm1', name: 'm1', online: true, cpus: 8, ...room },
      { ref: 'm2', name: 'm2', online: false, ...none },
    ])
    assert.include(server.requests, 'GET /1.0/resources?target=m1')
    assert.deepEqual(await driver.infrastructure.storagePools(), [
      { name: 'local', node: 'm1', type: 'zfs', totalGib: 100, usedGib: 1 },
      { name: 'shared', node: null, type: 'ceph', totalGib: 900, usedGib: 9 },
    ])
    const task = await driver.instances.create({
      ...{ ref: 'web-1', stamp: 'i7', kind: 'container', node: 'm2', image: 'ab'.repeat(32) },
      size: { cpus: 1, memoryMib: 512, diskGib: 5, ingressMbps: null, egressMbps: null },
      ...{ storagePool: 'local', network: 'br0', addresses: [], nameservers: [] },
      macAddress: null,
    })
    assert.equal(task.id, 'operation-1')
    assert.include(server.requests, 'POST /1.0/instances?target=m2')
    await driver.close()
  })

  test('a create under a destroy is busy: it would not outlive it', async ({ assert }) => {
    const config = { 'user.portico.stamp': 'i7', 'volatile.apply_template': 'create' }
    const deleting = {
      ...{ id: 'operation-1', class: 'task', description: 'Deleting instance' },
      resources: { instances: ['/1.0/instances/web-1'] },
    }
    const answers: Record<string, unknown> = {
      '/1.0/instances/web-1': { name: 'web-1', status: 'Stopped', config },
      '/1.0/networks/br0': { type: 'bridge', managed: true, config: {} },
      '/1.0/operations': { running: [deleting] },
    }
    server = await TlsServer.listen((request, response) => {
      const { pathname } = new URL(request.url!, 'https://lxd')
      response.end(JSON.stringify({ type: 'sync', metadata: answers[pathname] }))
    })
    const driver = await driverFor(server.connection())
    const created = driver.instances.create({
      ...{ ref: 'web-1', stamp: 'i7', kind: 'container', node: null, image: 'ab'.repeat(32) },
      size: { cpus: 1, memoryMib: 512, diskGib: 5, ingressMbps: null, egressMbps: null },
      ...{ storagePool: 'default', network: 'br0', addresses: [], nameservers: [] },
      macAddress: null,
    })
    assert.equal(await kindOf(created), 'busy')
    await driver.close()
  })

  test('an answer that is no JSON is no reason to throw anything else', async ({ assert }) => {
    server = await TlsServer.listen((_request, response) => {
      response.statusCode = 404
      response.end('<h1>Not Found</h1>')
    })
    const driver = await driverFor(server.connection())
    const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMq2'
    assert.equal(await kindOf(driver.credentials!.authorizeKeys('web-1', [key])), 'unsupported')
    assert.equal(await kindOf(driver.instances.find('web-1')), 'unsupported')
    await driver.close()
  })

  test('calls are told with what was asked, never with whom', async ({ assert }) => {
    server = await TlsServer.answering(SERVER)
    const calls: DriverCall[] = []
    const stop = onDriverCall((call) => calls.push(call))
    const driver = await driverFor(server.connection())
    await driver.probe()
    await driver.instances.find('web-1')
    await driver.close()
    stop()
    assert.deepEqual(
      calls.map(({ call }) => call),
      ['GET server', 'GET instances']
    )
    assert.isTrue(calls.every(({ durationMs }) => durationMs > 0))
  })
})
