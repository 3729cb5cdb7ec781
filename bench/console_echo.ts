/* How much later a key pressed in a browser's console comes back than over LXD's own websocket. Both lead into
   the same container and are asked in turns, one key at a time. */
import { once } from 'node:events'
import { percentile, Portal } from './support/portal.js'
import { median, withPortico } from './support/app.js'

const NODE = Number(process.env.PORTICO_BENCH_LXD_NODE ?? 1)
const ADDRESSES: [number, number] = [210, 214]
const WARM_UP = 50
const MEASURED = 500
/** A terminal takes 4,096 letters a line at most. */
const LINE = 1_000
const SIZE = { columns: 80, rows: 24 }

/** A key goes in, and is seen again. */
type Terminal = { type(text: string): void; seen(): Promise<unknown> }

await withPortico(async () => {
  const { LxdLabNode } = await import('#tests/support/lxd_lab')
  const { lxdCluster } = await import('#tests/support/lxd_world')
  const { ConsoleClient } = await import('#tests/support/console_client')
  const { Visitor } = await import('#tests/support/visitor')
  const { PASSWORD, finish, tenant } = await import('#tests/support/world')

  const node = await LxdLabNode.find(NODE)
  if (!node) throw new Error(`LXD node ${NODE} does not run; start it with tests/labs/lxd/lxd-up`)
  const free = await node.freeNumber(ADDRESSES)
  const ground = await lxdCluster(node, [free, free])
  const acme = await tenant('Bench', ground)
  const instance = await acme.instance('echo')
  const driver = await ground.cluster.openDriver()
  const portal = await Portal.start('server')
  try {
    const visitor = await Visitor.signIn(acme.owner.email, PASSWORD, portal.url)
    const path = `${acme.path}/instances/${instance.uid}`
    const ticket = await ConsoleClient.ticket(visitor, path, 'shell', portal.url)
    const { socket } = await ConsoleClient.opened(path, {
      cookies: visitor.cookies,
      ticket,
      origin: portal.url,
      web: portal.url,
    })
    const stream = await driver.console!.open(instance.ref, 'shell', SIZE)
    const brokered: Terminal = {
      type: (text) => socket.send(Buffer.from(text)),
      seen: () => once(socket, 'message'),
    }
    const bare: Terminal = {
      type: (text) => stream.bytes.write(text),
      seen: () => once(stream.bytes, 'data'),
    }
    await Promise.all([silence(brokered), silence(bare)])

    const times: { brokered: number[]; bare: number[] } = { brokered: [], bare: [] }
    for (let turn = -WARM_UP; turn < MEASURED; turn++) {
      // Who comes first changes, so that neither pays for what the other left behind.
      const order = turn % 2 ? (['brokered', 'bare'] as const) : (['bare', 'brokered'] as const)
      for (const way of order) {
        const terminal = way === 'bare' ? bare : brokered
        if (turn % LINE === 0) await press(terminal, '\r')
        const ms = await press(terminal, 'x')
        if (turn >= 0) times[way].push(ms)
      }
    }
    socket.terminate()
    stream.bytes.destroy()
    return {
      addedMs: hundredths(median(times.brokered) - median(times.bare)),
      brokeredMs: hundredths(median(times.brokered)),
      bareMs: hundredths(median(times.bare)),
      brokeredP95Ms: hundredths(percentile(times.brokered, 0.95)),
      bareP95Ms: hundredths(percentile(times.bare, 0.95)),
      keys: MEASURED,
    }
  } finally {
    await portal.stop()
    await driver.close()
    await finish(await acme.inside(() => instance.destroy(acme.owner)))
  }
})

/** Nothing answers from now on but the terminal itself, which echoes. */
async function silence(terminal: Terminal): Promise<void> {
  terminal.type('exec cat > /dev/null\r')
  await new Promise((resolve) => setTimeout(resolve, 1_000))
}

async function press(terminal: Terminal, key: string): Promise<number> {
  const from = performance.now()
  const seen = terminal.seen()
  terminal.type(key)
  await seen
  return performance.now() - from
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100
}
