import { test } from '@japa/runner'
import { record } from '#drivers/json'
import { at } from '#drivers/lxd/client'
import type { Forward, ForwarderConnection } from '#forwarders/contract'
import { LxdForwarder } from '#forwarders/lxd/forwarder'
import { errorOf, eventually } from '#tests/drivers/conformance'
import { forwarderConformance, type ForwarderGround } from '#tests/forwarders/conformance'
import { answering, knock } from '#tests/support/knocking'
import { sharedNodes, type LxdLabNode } from '#tests/support/lxd_lab'
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
    const address = node.gateway.replace(/^10\.87\./, '192.168.').replace(/\.1$/, '.251')
    forwarderConformance(group, () => lab(node, address, portByHand))
  })

  test.group('LXD forwarder, proxy devices', (group) => {
    forwarderConformance(group, () => lab(node, '127.0.0.1', deviceByHand))

    test('a port on which another program listens is refused, and nothing is left', async ({
      assert,
      cleanup,
    }) => {
      const bench = workbench(node)
      await bench.open()
      cleanup(() => bench.close())
      const { ref, addresses } = await bench.makeRunning()
      const forwarder = new LxdForwarder(connectionTo(node))
      cleanup(() => forwarder.close())
      const taken = Number(new URL(node.url).port)
      const forward: Forward = {
        ref: 'ftakenport',
        protocol: 'tcp',
        listenAddress: '127.0.0.1',
        firstPort: taken,
        lastPort: taken,
        target: { instance: ref, address: addresses[0]!.address, firstPort: 2222 },
      }
      const error = await errorOf(forwarder.ensure([forward]))
      assert.equal(error.kind, 'already_exists')
      assert.deepEqual(await forwarder.compare([]), { missing: [], stray: [] })
    })
  })
}

type Bench = ReturnType<typeof workbench>
type ByHand = (
  bench: Bench,
  guest: Guest,
  listen: string,
  port: number,
  is: boolean
) => Promise<void>
type Guest = { ref: string; address: string }

function connectionTo(lxd: LxdLabNode): ForwarderConnection {
  return {
    kind: 'lxd',
    label: 'clab',
    cluster: lxd.connection(),
    listenInterface: null,
    masquerade: false,
    ssh: null,
    router: null,
  }
}

/** Two real containers; the servers that answer run in their network namespaces. */
async function lab(lxd: LxdLabNode, listen: string, byHand: ByHand): Promise<ForwarderGround> {
  const bench = workbench(lxd)
  await bench.open()
  const stops: (() => Promise<void>)[] = []
  const guests: Guest[] = []
  for (let count = 0; count < 2; count++) {
    const { ref, addresses } = await bench.makeRunning()
    const { metadata } = await bench.client.get(at('instances', ref, 'state'))
    const inside = ['nsenter', '--target', String(record(metadata).pid), '--net']
    stops.push(await answering(inside, ref))
    guests.push({ ref, address: addresses[0]!.address })
    await carriesItsAddress(bench, ref)
  }
  const open = () => new LxdForwarder(connectionTo(lxd))
  return {
    open,
    listenAddress: listen,
    guests,
    knock: (protocol, port) => knock([], protocol, listen, port),
    placeForeign: (port) => byHand(bench, guests[0]!, listen, port, true),
    removeForeign: (port) => byHand(bench, guests[0]!, listen, port, false),
    lose: async () => {
      const forwarder = open()
      await forwarder.remove((await forwarder.compare([])).stray)
      await forwarder.close()
    },
    close: async () => {
      await Promise.all(stops.map((stop) => stop()))
      await bench.close()
    },
  }
}

async function carriesItsAddress(bench: Bench, ref: string): Promise<void> {
  await eventually(
    () => bench.driver.instances.find(ref),
    (instance) => (instance?.addresses.length ?? 0) > 0
  )
}

async function deviceByHand(
  bench: Bench,
  { ref, address }: Guest,
  ...place: [string, number, boolean]
) {
  const [listen, port, is] = place
  const { metadata } = await bench.client.get(at('instances', ref))
  const name = `by-hand-${port}`
  const devicesNow = Object.entries(record(record(metadata).devices))
  const others = Object.fromEntries(devicesNow.filter(([known]) => known !== name))
  const device = { type: 'proxy', listen: `tcp:${listen}:${port}`, connect: `tcp:${address}:9000` }
  const devices = is ? { ...others, [name]: device } : others
  await bench.raw('PUT', at('instances', ref), { ...record(metadata), devices })
}

async function portByHand(bench: Bench, { address }: Guest, ...place: [string, number, boolean]) {
  const [listen, port, is] = place
  const path = at('networks', node!.bridge, 'forwards')
  if (!is) return void (await bench.client.request('DELETE', `${path}/${listen}`))
  await bench.client.request('POST', path, {
    body: {
      json: {
        listen_address: listen,
        description: 'mine',
        config: {},
        ports: [
          {
            description: 'by hand',
            protocol: 'tcp',
            listen_port: String(port),
            target_port: '9000',
            target_address: address,
          },
        ],
      },
    },
  })
}
