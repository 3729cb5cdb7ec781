import { test } from '@japa/runner'
import type { Forward, ForwarderConnection, RouterAccess } from '#forwarders/contract'
import { createForwarder } from '#forwarders/ikuai/forwarder'
import { errorOf, kindOf } from '#tests/drivers/conformance'
import { forwarderConformance } from '#tests/forwarders/conformance'
import { IkuaiRouter, type IkuaiGeneration } from '#tests/support/simulators/ikuai'

/*
| No firmware is to be had: the router is a simulator, written from what its public clients send and read. See
| docs/guides/port-forwards.md for what follows from that.
*/

const ADDRESS = '203.0.113.7'
const GUESTS = [
  { ref: 'guest-1', address: '10.0.0.11' },
  { ref: 'guest-2', address: '10.0.0.12' },
]

function connectionTo(router: RouterAccess, changes: Partial<ForwarderConnection> = {}) {
  return {
    kind: 'ikuai' as const,
    label: 'cikuai',
    cluster: {
      driver: 'fake' as const,
      endpoint: 'fake:none',
      tlsFingerprint: null,
      credentials: {},
      settings: {},
      facts: null,
    },
    listenInterface: 'wan1',
    masquerade: false,
    ssh: null,
    router,
    ...changes,
  }
}

for (const generation of [3, 4] as IkuaiGeneration[]) {
  test.group(`iKuai ${generation}.x`, (group) => {
    forwarderConformance(group, async () => {
      const router = await IkuaiRouter.start(generation)
      return {
        open: () => createForwarder(connectionTo(router.access())),
        listenAddress: ADDRESS,
        guests: GUESTS,
        knock: async (protocol, port) => {
          const end = router.reach(protocol, port)
          const guest = GUESTS.find(({ address }) => address === end?.address)
          return end && guest ? `${guest.ref}:${end.port}` : null
        },
        placeForeign: async (port) => {
          router.place({ wan_port: String(port), lan_port: '9000', lan_addr: GUESTS[0]!.address })
        },
        removeForeign: async (port) => router.take(port),
        lose: async () => router.loseOurs(),
        close: () => router.close(),
      }
    })
  })

  test.group(`An iKuai ${generation}.x router`, (group) => {
    let router: IkuaiRouter

    group.each.setup(async () => {
      router = await IkuaiRouter.start(generation)
      return () => router.close()
    })

    const open = (changes: Partial<ForwarderConnection> = {}) =>
      createForwarder(connectionTo(router.access(), changes))

    test('refuses a port that somebody else has, also in a list, a range or with both protocols', async ({
      assert,
    }) => {
      const forwarder = open()
      router.place({ wan_port: '80,443,1000-1010', protocol: 'tcp+udp', interface: 'wan1,wan2' })
      for (const port of [443, 1005]) {
        const error = await errorOf(
          forwarder.ensure([forward({ firstPort: port, lastPort: port })])
        )
        assert.equal(error.kind, 'already_exists')
      }
      assert.lengthOf(router.all, 1)
      await forwarder.ensure([forward({ firstPort: 1011, lastPort: 1011 })])
      await forwarder.close()
    })

    test('what another cluster keeps on it is neither touched nor told', async ({ assert }) => {
      const [ours, theirs] = [open(), open({ label: 'cother' })]
      await theirs.ensure([forward({ ref: 'fother' })])
      assert.deepEqual(await ours.compare([]), { missing: [], stray: [] })
      assert.equal(await kindOf(ours.ensure([forward()])), 'already_exists')
      await ours.remove([{ ref: 'fother', instance: null }])
      assert.lengthOf(router.all, 1)
      await Promise.all([ours.close(), theirs.close()])
    })

    test('an add whose answer was lost is found again, not made twice', async ({ assert }) => {
      const forwarder = open()
      router.failNext('add', 'lose_answer')
      const error = await errorOf(forwarder.ensure([forward()]))
      assert.isTrue(error.retryable)
      await forwarder.ensure([forward()])
      assert.lengthOf(router.all, 1)
      await forwarder.close()
    })

    test('a rule that is there twice is there once afterwards', async ({ assert }) => {
      const forwarder = open()
      await forwarder.ensure([forward()])
      router.place(router.all[0]!)
      assert.lengthOf((await forwarder.compare([forward()])).missing, 1)
      await forwarder.ensure([forward()])
      assert.lengthOf(router.all, 1)
      await forwarder.close()
    })

    test('one that was switched off by hand is missing, and switched on again', async ({
      assert,
    }) => {
      const forwarder = open()
      await forwarder.ensure([forward()])
      const off = { ...router.all[0]!, enabled: 'no' }
      router.loseOurs()
      router.place(off)
      assert.lengthOf((await forwarder.compare([forward()])).missing, 1)
      await forwarder.ensure([forward()])
      assert.isNotNull(router.reach('tcp', 20_022))
      await forwarder.close()
    })

    test('an add that the router forgot is not believed', async ({ assert }) => {
      const forwarder = open()
      router.failNext('add', 'forget')
      const error = await errorOf(forwarder.ensure([forward()]))
      assert.equal(error.kind, 'task_lost')
      await forwarder.close()
    })

    test('a list that is cut off is asked for again, and never read as empty', async ({
      assert,
    }) => {
      const forwarder = open()
      await forwarder.ensure([forward()])
      router.failNext('show', 'malformed')
      assert.deepEqual(await forwarder.compare([forward()]), { missing: [], stray: [] })
      router.failNext('show', 'malformed')
      router.failNext('show', 'malformed')
      assert.equal(await kindOf(forwarder.compare([forward()])), 'unsupported')
      await forwarder.close()
    })

    test('no room for more is told as such', async ({ assert }) => {
      const forwarder = open()
      router.failNext('add', 'full')
      assert.equal(await kindOf(forwarder.ensure([forward()])), 'out_of_capacity')
      await forwarder.close()
    })

    test('more rules than a page holds are all seen', async ({ assert }) => {
      const forwarder = open()
      for (let port = 30_000; port < 30_700; port++) router.place({ wan_port: String(port) })
      assert.equal(
        await kindOf(forwarder.ensure([forward({ firstPort: 30_650, lastPort: 30_650 })])),
        'already_exists'
      )
      await forwarder.close()
    })

    test('another certificate than the pinned one is sent nothing', async ({ assert }) => {
      const forwarder = open({ router: router.access({ tlsFingerprint: 'ab'.repeat(32) }) })
      assert.equal(await kindOf(forwarder.check()), 'tls_mismatch')
      assert.isEmpty(router.calls)
      await forwarder.close()
    })

    test('wrong credentials are told as such, and never shown', async ({ assert }) => {
      const wrong =
        generation === 3
          ? router.access({ password: 'canary-secret' })
          : router.access({ token: 'canary-secret' })
      const forwarder = open({ router: wrong })
      const error = await errorOf(forwarder.check())
      assert.equal(error.kind, 'unauthorized')
      assert.notInclude(JSON.stringify(error) + error.stack, 'canary-secret')
      await forwarder.close()
    })

    test('one that is away is unreachable', async ({ assert }) => {
      const forwarder = open({ router: router.access({ endpoint: 'https://127.0.0.1:9' }) })
      assert.equal(await kindOf(forwarder.check()), 'unreachable')
      await forwarder.close()
    })
  })
}

test.group('An iKuai 3.x router with sessions', (group) => {
  let router: IkuaiRouter

  group.each.setup(async () => {
    router = await IkuaiRouter.start(3)
    return () => router.close()
  })

  test('a session that ended is begun anew, once for a call', async ({ assert }) => {
    const forwarder = createForwarder(connectionTo(router.access()))
    await forwarder.ensure([forward()])
    router.expireSessions()
    assert.deepEqual(await forwarder.compare([forward()]), { missing: [], stray: [] })
    assert.lengthOf(
      router.calls.filter((call) => call === 'login'),
      2
    )
    await forwarder.close()
  })

  test('the line that carries the address is named in the rule', async ({ assert }) => {
    const forwarder = createForwarder(connectionTo(router.access(), { listenInterface: null }))
    await forwarder.ensure([
      forward(),
      forward({ ref: 'fsecond', listenAddress: '198.51.100.9' }),
      forward({ ref: 'fthird', listenAddress: '192.0.2.1', firstPort: 20_023, lastPort: 20_023 }),
    ])
    assert.deepEqual(
      router.all.map((rule) => rule.interface),
      ['wan1', 'wan2', 'all']
    )
    await forwarder.close()
  })

  test('an interface that it has not is a problem of its own', async ({ assert }) => {
    const forwarder = createForwarder(connectionTo(router.access(), { listenInterface: 'wan9' }))
    assert.deepEqual(await forwarder.check(), ['no_interface'])
    await forwarder.close()
  })

  test('a token for 3.x, or a password for 4.x, says what to do', async ({ assert }) => {
    const newer = await IkuaiRouter.start(4)
    const access = newer.access({ token: null, username: 'portico', password: 'x' })
    const forwarder = createForwarder(connectionTo(access))
    const error = await errorOf(forwarder.check())
    assert.equal(error.kind, 'unsupported')
    assert.include(error.message, 'API token')
    await forwarder.close()
    await newer.close()
  })
})

function forward(changes: Partial<Forward> = {}): Forward {
  return {
    ref: 'fone',
    protocol: 'tcp',
    listenAddress: ADDRESS,
    firstPort: 20_022,
    lastPort: 20_022,
    target: { instance: 'guest-1', address: '10.0.0.11', firstPort: 22 },
    ...changes,
  }
}
