import { test } from '@japa/runner'
import type { Group } from '@japa/runner/core'
import { randomBytes } from 'node:crypto'
import type { Forward, ForwardProtocol, PortForwarder } from '#forwarders/contract'
import { untilAnswered } from '#tests/support/knocking'

/** What the suite stands on: a forwarder with two instances behind it that answer on GUEST_PORTS. */
export type ForwarderGround = {
  open(): PortForwarder
  listenAddress: string
  /** Their answer is their ref and the port. */
  guests: { ref: string; address: string }[]
  /** What answers at the listen address, knocked on from outside; null: nobody. */
  knock(protocol: ForwardProtocol, port: number): Promise<string | null>
  /** A forward that somebody made by hand beside ours, TCP, from this port to the first guest's port 9000. */
  placeForeign(port: number): Promise<void>
  removeForeign(port: number): Promise<void>
  /** All that is ours is gone, as after a reboot. */
  lose(): Promise<void>
  close?(): Promise<void>
}

/**
 * Ports the suite forwards; each test takes fresh ones, for kernels remember connections. Below those that other
 * suites give their servers on this machine.
 */
const FIRST_PORT = 12_000

/** What every kind of forwarder does alike, shown by packets that arrive. */
export function forwarderConformance(group: Group, make: () => Promise<ForwarderGround>) {
  let ground: ForwarderGround
  let forwarder: PortForwarder
  let nextPort = FIRST_PORT + (randomBytes(2).readUInt16BE() % 4_000)
  const placed: Forward[] = []

  group.setup(async () => {
    ground = await make()
    return () => ground.close?.()
  })
  group.each.setup(() => {
    forwarder = ground.open()
    return async () => {
      const left = placed.splice(0).map(({ ref, target }) => ({ ref, instance: target.instance }))
      await forwarder.remove(left).finally(() => forwarder.close())
    }
  })

  const freshPorts = (count = 1) => {
    nextPort += count
    return nextPort - count
  }

  const forwardTo = (
    guest: number,
    targetPort: number,
    changes: Partial<Forward> = {}
  ): Forward => {
    const firstPort = changes.firstPort ?? freshPorts()
    const { ref, address } = ground.guests[guest]!
    const forward: Forward = {
      ref: `f${randomBytes(7).toString('hex')}`,
      protocol: 'tcp',
      listenAddress: ground.listenAddress,
      firstPort,
      lastPort: firstPort,
      target: { instance: ref, address, firstPort: targetPort },
      ...changes,
    }
    placed.push(forward)
    return forward
  }

  const handle = ({ ref, target }: Forward) => ({ ref, instance: target.instance })
  const reached = (protocol: ForwardProtocol, port: number) =>
    untilAnswered(() => ground.knock(protocol, port))
  const allReached = (protocol: ForwardProtocol, ports: number[]) =>
    Promise.all(ports.map((port) => reached(protocol, port)))

  test('a TCP port and the same UDP port lead to different instances', async ({ assert }) => {
    const tcp = forwardTo(0, 2222)
    const udp = forwardTo(1, 5353, {
      protocol: 'udp',
      firstPort: tcp.firstPort,
      lastPort: tcp.firstPort,
    })
    await forwarder.ensure([tcp, udp])
    assert.equal(await reached('tcp', tcp.firstPort), `${tcp.target.instance}:2222`)
    assert.equal(await reached('udp', tcp.firstPort), `${udp.target.instance}:5353`)
  })

  test('a range leads port by port, and not one further', async ({ assert }) => {
    const first = freshPorts(4)
    const forwards = (['tcp', 'udp'] as const).map((protocol) =>
      forwardTo(0, 7000, { protocol, firstPort: first, lastPort: first + 2 })
    )
    await forwarder.ensure(forwards)
    for (const { protocol, target } of forwards) {
      assert.deepEqual(await allReached(protocol, [first, first + 1, first + 2]), [
        `${target.instance}:7000`,
        `${target.instance}:7001`,
        `${target.instance}:7002`,
      ])
      assert.isNull(await ground.knock(protocol, first + 3))
    }
  })

  test('a range that leads to the same ports', async ({ assert }) => {
    const forward = forwardTo(1, 7000, { firstPort: 7000, lastPort: 7002 })
    await forwarder.ensure([forward])
    assert.deepEqual(await allReached('tcp', [7000, 7002]), [
      `${forward.target.instance}:7000`,
      `${forward.target.instance}:7002`,
    ])
  })

  test('made twice it is there once: removed once, nothing arrives any more', async ({
    assert,
  }) => {
    const [tcp, udp] = [forwardTo(0, 2222), forwardTo(0, 5353, { protocol: 'udp' })]
    const other = forwardTo(1, 2222)
    await forwarder.ensure([tcp, udp, other])
    await forwarder.ensure([tcp, udp])
    await forwarder.remove([handle(tcp), handle(udp)])
    assert.isNull(await ground.knock('tcp', tcp.firstPort))
    assert.isNull(await ground.knock('udp', udp.firstPort))
    assert.equal(await reached('tcp', other.firstPort), `${other.target.instance}:2222`)
    assert.deepEqual(await forwarder.compare([other]), { missing: [], stray: [] })
  })

  test('removing what is not there succeeds', async () => {
    await forwarder.remove([{ ref: 'fnever', instance: null }])
    await forwarder.remove([{ ref: 'fnever', instance: 'no-such-instance' }])
  })

  test('told anew, it leads elsewhere', async ({ assert }) => {
    const forward = forwardTo(0, 2222)
    await forwarder.ensure([forward])
    const moved = { ...forward, target: { ...forward.target, firstPort: 9000 } }
    assert.lengthOf((await forwarder.compare([moved])).missing, 1)
    await forwarder.ensure([moved])
    assert.equal(await reached('tcp', forward.firstPort), `${forward.target.instance}:9000`)
    assert.deepEqual(await forwarder.compare([moved]), { missing: [], stray: [] })
  })

  test('another of ours on the port gives way', async ({ assert }) => {
    const stale = forwardTo(0, 2222)
    await forwarder.ensure([stale])
    const { firstPort, lastPort } = stale
    const owner = forwardTo(1, 2222, { firstPort, lastPort })
    await forwarder.ensure([owner])
    assert.equal(await reached('tcp', firstPort), `${owner.target.instance}:2222`)
    assert.deepEqual(await forwarder.compare([owner]), { missing: [], stray: [] })
  })

  test('what somebody made by hand is neither touched nor told', async ({ assert, cleanup }) => {
    const foreign = freshPorts()
    await ground.placeForeign(foreign)
    cleanup(() => ground.removeForeign(foreign))
    const forward = forwardTo(1, 2222)
    await forwarder.ensure([forward])
    assert.deepEqual(await forwarder.compare([forward]), { missing: [], stray: [] })
    await forwarder.remove([handle(forward)])
    assert.deepEqual(await forwarder.compare([]), { missing: [], stray: [] })
    assert.equal(await reached('tcp', foreign), `${ground.guests[0]!.ref}:9000`)
  })

  test('what was lost is missing and comes back; what nobody wants is a stray', async ({
    assert,
  }) => {
    const [first, second] = [forwardTo(0, 2222), forwardTo(1, 5353, { protocol: 'udp' })]
    await forwarder.ensure([first, second])
    assert.deepEqual(await forwarder.compare([first, second]), { missing: [], stray: [] })
    await ground.lose()
    assert.isNull(await ground.knock('tcp', first.firstPort))
    assert.sameDeepMembers((await forwarder.compare([first, second])).missing, [first, second])
    await forwarder.ensure([first, second])
    assert.equal(await reached('tcp', first.firstPort), `${first.target.instance}:2222`)
    const { missing, stray } = await forwarder.compare([second])
    assert.isEmpty(missing)
    assert.deepEqual(
      stray.map(({ ref }) => ref),
      [first.ref]
    )
    await forwarder.remove(stray)
    assert.deepEqual(await forwarder.compare([second]), { missing: [], stray: [] })
  })

  test('many at once, over several connections, are all there', async ({ assert, cleanup }) => {
    const forwards = Array.from({ length: 8 }, (_, index) => forwardTo(index % 2, 2222))
    const others = [ground.open(), ground.open()]
    cleanup(async () => void (await Promise.all(others.map((other) => other.close()))))
    await Promise.all(
      forwards.map((forward, index) => [forwarder, ...others][index % 3]!.ensure([forward]))
    )
    assert.deepEqual(await forwarder.compare(forwards), { missing: [], stray: [] })
    assert.deepEqual(
      await allReached(
        'tcp',
        forwards.map(({ firstPort }) => firstPort)
      ),
      forwards.map(({ target }) => `${target.instance}:2222`)
    )
  })

  test('it finds nothing wrong with itself', async ({ assert }) => {
    assert.deepEqual(await forwarder.check(), [])
  })
}
