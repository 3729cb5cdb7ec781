import { test } from '@japa/runner'
import { record } from '#drivers/json'
import { at } from '#drivers/lxd/client'
import type { ForwarderConnection } from '#forwarders/contract'
import { LxdForwarder } from '#forwarders/lxd/forwarder'
import { errorOf } from '#tests/drivers/conformance'
import { forwarderConformance, type ForwarderGround } from '#tests/forwarders/conformance'
import { answering, knock } from '#tests/support/knocking'
import { run, sharedNodes, type LxdLabNode } from '#tests/support/lxd_lab'
import { workbench } from '#tests/support/lxd_workbench'

const [node] = await sharedNodes()

if (!node) {
  test.group('LXD forwarder', () => {
    test('obeys the contract on a real LXD').skip(
      true,
      'no LXD here: start one with tests/labs/lxd/lxd-up 1 2 (root, Debian)'
    )
  })
} else {
  /* Both ways of LXD: an address of its own is a network forward's, the loopback's a proxy device's. */
  test.group('LXD forwarder, network forwards', (group) => {
    const bench = workbench(node)
    const address = node.gateway.replace(/^10\.87\./, '192.168.').replace(/\.1$/, '.251')
    forwarderConformance(group, () => lab(group, node, bench, address))
  })

  test.group('LXD forwarder, proxy devices', (group) => {
    const bench = workbench(node)
    forwarderConformance(group, () => lab(group, node, bench, '127.0.0.1'))

    test('a port on which another program listens is refused, and nothing is left', async ({
      assert,
    }) => {
      const forwarder = new LxdForwarder(connectionTo(node))
      const [guest] = await bench.driver.instances.list().next().then(({ value }) => [value!])
      const taken = Number(new URL(node.url).port)
      const forward = {
        ref: 'ftakenport',
        protocol: 'tcp' as const,
        listenAddress: '127.0.0.1',
        firstPort: taken,
        lastPort: taken,
        target: { instance: guest.ref, address: guest.addresses[0]!.address, firstPort: 22 },
      }
      const error = await errorOf(forwarder.ensure([forward]))
      assert.equal(error.kind, 'already_exists')
      assert.deepEqual(await forwarder.compare([]), { missing: [], stray: [] })
      await forwarder.close()
    })
  })
}

function connectionTo(lxd: LxdLabNode): ForwarderConnection {
  return {
    kind: 'lxd',
    label: 'clab',
    cluster: lxd.connection(),
    listenInterface: null,
    masquerade: false,
    ssh: null,
  }
}

/** Two real containers; the servers that answer run in their network namespaces. */
async function lab(
  group: Parameters<typeof forwarderConformance>[0],
  lxd: LxdLabNode,
  bench: ReturnType<typeof workbench>,
  listenAddress: string
): Promise<ForwarderGround> {
  await bench.open()
  group.teardown(() => bench.close())
  const guests = await Promise.all([guestOn(group, bench), guestOn(group, bench)])
  const own = () => new LxdForwarder(connectionTo(lxd))
  return {
    open: own,
    listenAddress,
    guests,
    knock: (protocol, port) => knock([], protocol, listenAddress, port),
    placeForeign: (port) =>
      byHand(bench, guests[0]!.ref, {
        [`by-hand-${port}`]: {
          type: 'proxy',
          listen: `tcp:${listenAddress === '127.0.0.1' ? listenAddress : lxd.gateway}:${port}`,
          connect: `tcp:${guests[0]!.address}:9000`,
        },
      }),
    removeForeign: (port) => byHand(bench, guests[0]!.ref, { [`by-hand-${port}`]: null }),
    lose: async () => {
      const forwarder = own()
      await forwarder.remove((await forwarder.compare([])).stray)
      await forwarder.close()
    },
  }
}

async function guestOn(
  group: Parameters<typeof forwarderConformance>[0],
  bench: ReturnType<typeof workbench>
) {
  const { ref, addresses } = await bench.makeRunning()
  const { metadata } = await bench.client.get(at('instances', ref, 'state'))
  const inside = ['nsenter', '--target', String(record(metadata).pid), '--net']
  // Its own server holds port 22 of the namespace we want to answer in.
  await run('sh', ['-c', `kill $(${inside.join(' ')} ss -Hltnp sport = :22 | grep -o 'pid=[0-9]*' | cut -d= -f2 | sort -u)`]).catch(() => {})
  const stop = await answering(inside, ref)
  group.teardown(stop)
  return { ref, address: addresses[0]!.address }
}

async function byHand(
  bench: ReturnType<typeof workbench>,
  ref: string,
  changes: Record<string, Record<string, string> | null>
) {
  const { metadata } = await bench.client.get(at('instances', ref))
  const devices = { ...record(record(metadata).devices), ...changes }
  const kept = Object.fromEntries(Object.entries(devices).filter(([, device]) => device !== null))
  await bench.raw('PUT', at('instances', ref), { ...record(metadata), devices: kept })
}
