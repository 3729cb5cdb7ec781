import { test } from '@japa/runner'
import type { Forward } from '#forwarders/contract'
import { forwarderConformance } from '#tests/forwarders/conformance'
import { errorOf } from '#tests/drivers/conformance'
import { knock, knockFrom, untilAnswered } from '#tests/support/knocking'
import { NetworkNamespaces, noNamespaces } from '#tests/support/network_namespaces'

const missing = noNamespaces()

test.group('iptables forwarder', (group) => {
  if (missing) {
    test('obeys the contract in a real kernel').skip(true, missing)
    return
  }
  forwarderConformance(group, async () => {
    const world = await NetworkNamespaces.make()
    return {
      open: () => world.forwarder(),
      listenAddress: world.listenAddress,
      guests: world.guests,
      knock: (protocol, port) => knock(world.inside('client'), protocol, world.listenAddress, port),
      placeForeign: (port) => byHand(world, '-A', port),
      removeForeign: (port) => byHand(world, '-D', port),
      lose: async () => {
        await world.sh('router', 'iptables -t nat -F; iptables -t nat -X; iptables -F; iptables -X')
      },
      close: () => world.remove(),
    }
  })
})

async function byHand(world: NetworkNamespaces, what: '-A' | '-D', port: number) {
  await world.sh(
    'router',
    `iptables -t nat ${what} PREROUTING -p tcp --dport ${port} -j DNAT --to-destination 10.66.0.11:9000
     iptables ${what} FORWARD -m conntrack --ctorigdstport ${port} -j ACCEPT`
  )
}

test.group('A firewall as it is', (group) => {
  if (missing) return
  let world: NetworkNamespaces

  group.setup(async () => {
    world = await NetworkNamespaces.make()
    return () => world.remove()
  })
  group.each.teardown(async () => {
    await world.sh('router', 'iptables -t nat -F; iptables -F; iptables -P FORWARD DROP')
  })

  const forward = (port: number, changes: Partial<Forward> = {}): Forward => ({
    ref: `fport${port}`,
    protocol: 'tcp',
    listenAddress: world.listenAddress,
    firstPort: port,
    lastPort: port,
    target: { instance: 'guest-1', address: '10.66.0.11', firstPort: 2222 },
    ...changes,
  })
  const fromClient = (port: number, address = world.listenAddress) =>
    knockFrom(world.inside('client'), 'tcp', address, port)
  const reached = async (port: number, address = world.listenAddress) =>
    (await untilAnswered(() => fromClient(port, address)))!

  test('the instance sees who comes; with masquerade it sees the router', async ({ assert }) => {
    const plain = world.forwarder()
    await plain.ensure([forward(30_001)])
    assert.equal((await reached(30_001)).from, '198.51.100.2')
    const hiding = world.forwarder({ masquerade: true })
    assert.lengthOf((await hiding.compare([forward(30_001)])).missing, 1)
    await hiding.ensure([forward(30_002)])
    assert.equal((await reached(30_002)).from, '10.66.0.1')
  })

  test('only what arrives at the chosen interface is led; changing it moves the jump', async ({
    assert,
  }) => {
    await world.forwarder({ listenInterface: 'inside' }).ensure([forward(30_003)])
    assert.isNull(await fromClient(30_003))
    const moved = world.forwarder({ listenInterface: 'out' })
    assert.lengthOf((await moved.compare([forward(30_003)])).missing, 1)
    await moved.ensure([forward(30_003)])
    assert.equal((await reached(30_003)).answer, 'guest-1:2222')
    const jumps = await world.sh('router', 'iptables-save -t nat | grep -c "PREROUTING.*portico"')
    assert.equal(jumps.trim(), '1')
  })

  test('IPv6 goes through ip6tables', async ({ assert }) => {
    const forwarder = world.forwarder()
    const six = forward(30_004, {
      listenAddress: world.listenAddress6,
      target: { instance: 'guest-1', address: 'fd66::11', firstPort: 2222 },
    })
    await forwarder.ensure([six])
    assert.equal((await reached(30_004, world.listenAddress6)).answer, 'guest-1:2222')
    assert.deepEqual(await forwarder.compare([six]), { missing: [], stray: [] })
    await forwarder.remove([{ ref: six.ref, instance: null }])
    assert.isNull(await fromClient(30_004, world.listenAddress6))
  })

  test('two clusters behind one firewall leave each other alone', async ({ assert }) => {
    const [first, second] = [world.forwarder(), world.forwarder({ label: 'cother23456789a' })]
    await first.ensure([forward(30_005)])
    await second.ensure([forward(30_006)])
    assert.deepEqual(await second.compare([forward(30_006)]), { missing: [], stray: [] })
    await second.remove([{ ref: 'fport30005', instance: null }])
    assert.equal((await reached(30_005)).answer, 'guest-1:2222')
  })

  test('the rules of others stay to the letter, whatever we do', async ({ assert }) => {
    await world.sh(
      'router',
      `iptables -t nat -A PREROUTING -p tcp --dport 8080 -m comment --comment "portico is not mine" -j REDIRECT --to-ports 80
       iptables -t nat -A POSTROUTING -s 10.66.0.0/24 -j MASQUERADE
       iptables -A FORWARD -s 10.66.0.99 -m comment --comment "it's; $(echo quoted) \\"so\\"" -j DROP`
    )
    const foreign = async () => {
      const saved = await world.sh('router', 'iptables-save')
      return saved
        .split('\n')
        .filter((line) => line.startsWith('-A') && !line.includes('portico-ctest'))
    }
    const before = await foreign()
    const forwarder = world.forwarder({ masquerade: true })
    const forwards = [forward(30_007), forward(30_008, { protocol: 'udp' })]
    await forwarder.ensure(forwards)
    await forwarder.ensure([{ ...forwards[0]!, lastPort: 30_010 }])
    await forwarder.compare([])
    assert.deepEqual(await foreign(), before)
    await forwarder.remove(forwards.map(({ ref }) => ({ ref, instance: null })))
    assert.deepEqual(await foreign(), before)
  })

  test('all of a change or nothing: a rule the kernel refuses leaves the others out', async ({
    assert,
  }) => {
    const forwarder = world.forwarder()
    const bad = forward(30_012, {
      target: { instance: 'guest-1', address: '999.1.1.1', firstPort: 2222 },
    })
    const error = await errorOf(forwarder.ensure([forward(30_011), bad]))
    assert.equal(error.kind, 'invalid')
    assert.notInclude(await world.sh('router', 'iptables-save -t nat'), 'fport30011')
  })

  test('what is no port, address or name of ours never comes near it', async ({ assert }) => {
    const forwarder = world.forwarder()
    const hostile: Partial<Forward>[] = [
      { ref: 'f1 -j ACCEPT' },
      { listenAddress: '0.0.0.0/0\nCOMMIT' },
      { protocol: 'tcp -j DROP' as 'tcp' },
      { lastPort: 70_000 },
      { firstPort: 5, lastPort: 4 },
    ]
    for (const changes of hostile) {
      await assert.rejects(() => forwarder.ensure([forward(30_013, changes)]), /well-formed/)
    }
  })

  test('a kernel that passes nothing on, and an interface that is not there, are told', async ({
    assert,
    cleanup,
  }) => {
    await world.sh('router', 'sysctl -qw net.ipv4.ip_forward=0')
    cleanup(async () => void (await world.sh('router', 'sysctl -qw net.ipv4.ip_forward=1')))
    assert.deepEqual(await world.forwarder({ listenInterface: 'eth9' }).check(), [
      'ip_forward_off',
      'no_interface',
    ])
  })
})
