import { test } from '@japa/runner'
import { list, record } from '#drivers/json'
import { at } from '#drivers/lxd/client'
import { driverFor, trustClient } from '#drivers/registry'
import { settle } from '#drivers/settle'
import { errorOf, eventually, kindOf } from '#tests/drivers/conformance'
import { selfSigned } from '#tests/support/certificates'
import { LxdLabNode, NO_OWN_NODE, ownNode, run } from '#tests/support/lxd_lab'
import { workbench } from '#tests/support/lxd_workbench'

const number = await ownNode()
/** All nodes of the machine have their bridges beside each other. */
const BRIDGE = `portico-br${number}`

const V6_NETWORK = `10.91.${number}`
const V6_PREFIX = `fd42:91:${number}`

/** What only a daemon of one's own can show: killed, restarted, with its trust and networks changed. */
test.group('An LXD daemon', (group) => {
  if (number === null) {
    test('is killed and comes back').skip(true, NO_OWN_NODE)
    return
  }

  let node: LxdLabNode
  let bench: ReturnType<typeof workbench>

  group.setup(async () => {
    node = await LxdLabNode.start(number)
    return () => node.stop()
  })
  group.setup(async () => {
    bench = workbench(node)
    await forgetNetworks()
  })
  group.each.setup(async () => {
    await bench.open()
    return () => bench.close()
  })

  test('killed in a create, it leaves half an instance, which the next create replaces', async ({
    assert,
  }) => {
    // On this pool every file is copied: there is time to kill it.
    const spec = await bench.order({ image: await node.image('debian-12'), storagePool: 'slow' })
    const task = await bench.driver.instances.create(spec)
    await isHalfMade(spec.ref)
    const waiting = errorOf(settle(bench.driver, task))
    node.kill()
    const lost = await waiting
    assert.include(['unreachable', 'timeout'], lost.kind)
    assert.isTrue(lost.retryable)
    assert.equal(await kindOf(bench.driver.instances.find(spec.ref)), 'unreachable')

    await LxdLabNode.start(number)
    const half = await bench.driver.instances.find(spec.ref)
    assert.include(half, { power: 'unknown', vendorState: 'Incomplete', stamp: spec.stamp })
    assert.equal(await kindOf(settle(bench.driver, task)), 'task_lost')

    await settle(bench.driver, await bench.driver.instances.create(spec))
    await bench.power(spec.ref, 'start')
    const whole = await bench.driver.instances.find(spec.ref)
    assert.equal(whole!.power, 'running')
  })

  test('killed in a create that is given up, nothing stays behind', async ({ assert }) => {
    const spec = await bench.order({ image: await node.image('debian-12'), storagePool: 'slow' })
    await bench.driver.instances.create(spec)
    await isHalfMade(spec.ref)
    node.kill()
    await LxdLabNode.start(number)
    await settle(bench.driver, await bench.driver.instances.destroy(spec.ref, spec.stamp))
    assert.isNull(await bench.driver.instances.find(spec.ref))
  })

  test('killed in a restart or a stop, the task is judged by what the guest did meanwhile', async ({
    assert,
  }) => {
    const { ref } = await bench.makeRunning()
    const before = await bench.driver.instances.find(ref)
    node.kill()
    await LxdLabNode.start(number)
    const after = await bench.driver.instances.find(ref)
    assert.equal(after!.power, 'running')
    assert.equal(after!.startedAt, before!.startedAt)
    const restart = await bench.driver.instances.power(ref, 'restart')
    await settle(bench.driver, restart)
    const stop = await bench.driver.instances.power(ref, 'force_stop')
    await settle(bench.driver, stop)
    node.kill()
    await LxdLabNode.start(number)
    assert.deepEqual(await bench.driver.poll(stop), { state: 'succeeded' })
    assert.include(await bench.driver.poll(restart), { state: 'failed', kind: 'task_lost' })
  })

  test('killed in a destroy, it is gone on with', async ({ assert }) => {
    const { ref, stamp } = await bench.makeRunning()
    const task = await bench.driver.instances.destroy(ref, stamp)
    node.kill()
    await LxdLabNode.start(number)
    await settle(bench.driver, task)
    assert.isNull(await bench.driver.instances.find(ref))
  })

  test('a trust password has it trust our certificate, a wrong one does not', async ({
    assert,
  }) => {
    const connection = node.connection({ credentials: selfSigned('portico-test') })
    const setPassword = (password: string) =>
      bench.raw('PATCH', at(), { config: { 'core.trust_password': password } })
    await setPassword('canary-trust')
    try {
      const error = await errorOf(trustClient(connection, 'canary-wrong'))
      assert.equal(error.kind, 'unauthorized')
      assert.notInclude(error.message, 'canary')
      await trustClient(connection, 'canary-trust')
      await trustClient(connection, 'trusted already, so it is not looked at')
      const driver = await driverFor(connection)
      await driver.probe()
      await driver.close()
    } finally {
      await setPassword('')
      await forgetClients()
    }
  })

  test('a token has it trust our certificate once, and is for this server only', async ({
    assert,
  }) => {
    const [first, second] = [selfSigned('portico-test-1'), selfSigned('portico-test-2')]
    const { metadata } = await bench.client.request('POST', at('certificates'), {
      body: { json: { type: 'client', name: 'portico-test', token: true } },
    })
    const { secret, fingerprint, addresses } = record(record(metadata).metadata)
    const token = (changes: object = {}) =>
      Buffer.from(
        JSON.stringify({ client_name: 'portico-test', fingerprint, addresses, secret, ...changes })
      ).toString('base64')
    const trust = (credentials: typeof first, value: string) =>
      trustClient(node.connection({ credentials }), value)
    try {
      const elsewhere = token({ fingerprint: 'ab'.repeat(32) })
      assert.equal(await kindOf(trust(first, elsewhere)), 'tls_mismatch')
      await trust(first, token())
      assert.equal(await kindOf(trust(second, token())), 'unauthorized')
    } finally {
      await forgetClients()
    }
  })

  test('on a bridge of the host the guest is given its address by cloud-init, and held to it', async ({
    assert,
  }) => {
    await run('ip', ['link', 'add', BRIDGE, 'type', 'bridge'])
    try {
      const spec = await bench.makeRunning({ network: BRIDGE, nameservers: ['9.9.9.9'] })
      const { metadata } = await bench.client.get(at('instances', spec.ref))
      const { config, devices } = record(metadata)
      const network = JSON.parse(String(record(config)['cloud-init.network-config']))
      const [{ address, gateway }] = spec.addresses
      assert.deepEqual(network.ethernets.eth0, {
        addresses: [`${address}/24`],
        routes: [{ to: '0.0.0.0/0', via: gateway }],
        nameservers: { addresses: ['9.9.9.9'] },
      })
      assert.include(record(devices).eth0, {
        'nictype': 'bridged',
        'parent': BRIDGE,
        'ipv4.address': address,
        'security.ipv4_filtering': 'true',
      })
      const found = await bench.driver.instances.find(spec.ref)
      assert.equal(found!.power, 'running')
      await settle(bench.driver, await bench.driver.instances.destroy(spec.ref, spec.stamp))
    } finally {
      await run('ip', ['link', 'delete', BRIDGE])
    }
  })

  test('IPv6 is leased where the network has stateful DHCP, and told by cloud-init where not', async ({
    assert,
  }) => {
    const name = `portico-v6-${number}`
    const cloudInitWith = async (stateful: string) => {
      await bench.client.request('POST', at('networks'), {
        body: {
          json: {
            name,
            type: 'bridge',
            config: {
              'ipv4.address': `${V6_NETWORK}.1/24`,
              'ipv6.address': `${V6_PREFIX}::1/64`,
              'ipv6.dhcp.stateful': stateful,
            },
          },
        },
      })
      const addresses = [
        {
          family: 4 as const,
          address: `${V6_NETWORK}.20`,
          prefixLength: 24,
          gateway: `${V6_NETWORK}.1`,
        },
        {
          family: 6 as const,
          address: `${V6_PREFIX}::20`,
          prefixLength: 64,
          gateway: `${V6_PREFIX}::1`,
        },
      ]
      try {
        const spec = await bench.makeRunning({ network: name, addresses })
        const { metadata } = await bench.client.get(at('instances', spec.ref))
        await settle(bench.driver, await bench.driver.instances.destroy(spec.ref, spec.stamp))
        const { config, devices } = record(metadata)
        assert.include(record(devices).eth0, { 'ipv6.address': `${V6_PREFIX}::20` })
        return record(config)['cloud-init.network-config']
      } finally {
        await bench.client.request('DELETE', at('networks', name))
      }
    }
    assert.isUndefined(await cloudInitWith('true'))
    assert.include(String(await cloudInitWith('false')), `${V6_PREFIX}::20/64`)
  })

  test('a guest carries both addresses that were chosen for it', async ({ assert }) => {
    const name = `portico-dual-${number}`
    const config = {
      'ipv4.address': `${V6_NETWORK}.1/24`,
      'ipv6.address': `${V6_PREFIX}::1/64`,
      'ipv6.dhcp.stateful': 'true',
    }
    const json = { name, type: 'bridge', config }
    await bench.client.request('POST', at('networks'), { body: { json } })
    try {
      const images = await bench.driver.images.list()
      const spec = await bench.make({
        image: images.find((image) => image.name === 'debian-12')!.ref,
        size: { cpus: 1, memoryMib: 256, diskGib: 2, ingressMbps: null, egressMbps: null },
        network: name,
        addresses: [
          { family: 4, address: `${V6_NETWORK}.20`, prefixLength: 24, gateway: `${V6_NETWORK}.1` },
          { family: 6, address: `${V6_PREFIX}::20`, prefixLength: 64, gateway: `${V6_PREFIX}::1` },
        ],
      })
      // The lab's own image asks for IPv4 alone.
      await bench.client.request('POST', at('instances', spec.ref, 'files'), {
        query: { path: '/etc/systemd/network/eth0.network' },
        headers: { 'x-lxd-type': 'file', 'x-lxd-mode': '0644' },
        body: { raw: '[Match]\nName=eth0\n[Network]\nDHCP=yes\nIPv6AcceptRA=yes\n' },
      })
      await bench.power(spec.ref, 'start')
      const carried = async () => {
        const found = await bench.driver.instances.find(spec.ref)
        return found!.addresses.map(({ family, address }) => `${family} ${address}`)
      }
      const wanted = [`4 ${V6_NETWORK}.20`, `6 ${V6_PREFIX}::20`]
      const seen = await eventually(carried, (some) => wanted.every((each) => some.includes(each)))
      assert.includeMembers(seen, wanted)
    } finally {
      await bench.removeMade()
      await bench.client.request('DELETE', at('networks', name))
    }
  })

  /** Of a run that was killed. */
  async function forgetNetworks(): Promise<void> {
    await run('ip', ['link', 'delete', BRIDGE]).catch(() => {})
    const client = node.client()
    try {
      const { metadata } = await client.get(at('networks'), { query: { recursion: '1' } })
      for (const { name, managed } of list(metadata).map(record)) {
        if (!managed || !String(name).startsWith('portico-')) continue
        await client.request('DELETE', at('networks', String(name)))
      }
    } finally {
      client.close()
    }
  }

  test('twenty creates at once are twenty instances', async ({ assert }) => {
    const specs = []
    for (let i = 0; i < 20; i += 1) specs.push(await bench.order())
    await Promise.all(
      specs.map(async (spec) => {
        await settle(bench.driver, await bench.driver.instances.create(spec), { holdMs: 90_000 })
        await bench.power(spec.ref, 'start')
      })
    )
    const found: string[] = []
    for await (const { ref, power } of bench.driver.instances.list()) {
      if (power === 'running') found.push(ref)
    }
    const refs = specs.map(({ ref }) => ref)
    assert.sameMembers(
      found.filter((ref) => refs.includes(ref)),
      refs
    )
  })

  /** It is there, and its disk is being copied. */
  async function isHalfMade(ref: string): Promise<void> {
    const seen = await eventually(
      () => bench.driver.instances.find(ref),
      (instance) => instance?.vendorState === 'Incomplete'
    )
    if (seen?.vendorState !== 'Incomplete') throw new Error(`${ref} is ${seen?.vendorState}`)
  }

  async function forgetClients(): Promise<void> {
    const { metadata } = await bench.client.get(at('certificates'), { query: { recursion: '1' } })
    for (const { name, fingerprint } of list(metadata).map(record)) {
      if (String(name).startsWith('portico')) {
        await bench.client.request('DELETE', at('certificates', String(fingerprint)))
      }
    }
  }
})
