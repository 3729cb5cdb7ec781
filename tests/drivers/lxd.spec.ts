import { randomUUID } from 'node:crypto'
import { test } from '@japa/runner'
import type { ComputeDriver } from '#drivers/contract'
import { record } from '#drivers/json'
import { at } from '#drivers/lxd/client'
import { explain } from '#drivers/lxd/errors'
import { runCommand } from '#drivers/lxd/exec'
import { LxdTasks } from '#drivers/lxd/tasks'
import { driverFor } from '#drivers/registry'
import { settle } from '#drivers/settle'
import { driverConformance, errorOf, eventually, kindOf } from '#tests/drivers/conformance'
import { selfSigned } from '#tests/support/certificates'
import { run, sharedNodes, type LxdLabNode } from '#tests/support/lxd_lab'
import { workbench } from '#tests/support/lxd_workbench'
import { signsIn } from '#tests/support/ssh'

const nodes = await sharedNodes()
const NO_LAB = 'no LXD here: start one with tests/labs/lxd/lxd-up 1 2 (root, Debian)'

if (nodes.length === 0) {
  test.group('LXD driver', () => {
    test('obeys the contract on a real LXD').skip(true, NO_LAB)
  })
}

const stranger = selfSigned('stranger')

for (const node of nodes) {
  test.group(`LXD driver on node ${node.number}`, (group) => {
    driverConformance(group, {
      connection: async () => node.connection(),
      spec: () => node.spec(),
      furtherCard: () => node.furtherCard(),
      otherSize: { cpus: 2, memoryMib: 192, diskGib: 2, ingressMbps: null, egressMbps: 30 },
      unknownTaskId: randomUUID(),
      broken: async () => [
        { connection: node.connection({ endpoint: 'https://127.0.0.1:9' }), kind: 'unreachable' },
        { connection: node.connection({ endpoint: 'http://127.0.0.1:8443' }), kind: 'invalid' },
        { connection: node.connection({ tlsFingerprint: 'ab'.repeat(32) }), kind: 'tls_mismatch' },
        { connection: node.connection({ tlsFingerprint: null }), kind: 'tls_mismatch' },
        { connection: node.connection({ credentials: stranger }), kind: 'unauthorized' },
        { connection: node.connection({ credentials: {} }), kind: 'unauthorized' },
        {
          connection: node.connection({
            credentials: { ...node.connection().credentials, privateKey: stranger.privateKey },
          }),
          kind: 'unauthorized',
        },
        { connection: node.connection({ settings: { project: 'nobody' } }), kind: 'invalid' },
      ],
      refusedTask: async (driver, make) => {
        const { addresses } = await make()
        const { ref } = await make({ addresses })
        return driver.instances.power(ref, 'start')
      },
      ignoreStop: (ref) => haltGuest(node, ref),
      isRootPassword: ({ addresses }, password) => signsIn(addresses[0].address, { password }),
      authorizedKeys: async ({ ref }) => {
        const content = await guestFile(node, ref, '/root/.ssh/authorized_keys')
        return content.split('\n').filter(Boolean)
      },
      breakStart: (ref) => breakStart(node, ref),
      hostName: ({ ref }) => hostNameIn(node, ref),
      work: (instance) => keepBusy(node, instance),
    })
  })
}

if (nodes.length > 0) {
  const [node] = nodes
  const bench = workbench(node)

  test.group('LXD as it is', (group) => {
    group.each.setup(async () => {
      await bench.open({ stopSeconds: 2 })
      return () => bench.close()
    })

    test('an instance somebody made by hand is nobody’s, and is left alone', async ({ assert }) => {
      const spec = await bench.make()
      const path = at('instances', spec.ref)
      const { metadata } = await bench.client.get(path)
      const config = { ...record(record(metadata).config), 'user.portico.stamp': '' }
      await bench.raw('PUT', path, { ...record(metadata), config })
      const found = await bench.driver.instances.find(spec.ref)
      assert.isNull(found!.stamp)
      assert.equal(await kindOf(bench.driver.instances.create(spec)), 'already_exists')
      const destroyed = bench.driver.instances.destroy(spec.ref, spec.stamp)
      assert.equal(await kindOf(destroyed), 'already_exists')
      await bench.raw('PATCH', path, { config: { 'user.portico.stamp': spec.stamp } })
    })

    test('a finished operation is forgotten after seconds; its task still ends well', async ({
      assert,
    }) => {
      const spec = await bench.order()
      const task = await bench.driver.instances.create(spec)
      await settle(bench.driver, task)
      const forgotten = () => bench.client.find(at('operations', task.id!))
      await eventually(forgotten, (reply) => reply === null)
      assert.isNull(await forgotten())
      assert.deepEqual(await bench.driver.poll(task), { state: 'succeeded' })
    })

    test('two instances with one address: made both, started one, and the other is told why', async ({
      assert,
    }) => {
      const { addresses } = await bench.makeRunning()
      const { ref } = await bench.make({ addresses })
      const error = await errorOf(bench.power(ref, 'start'))
      assert.equal(error.kind, 'already_exists')
      assert.include(error.message, addresses[0].address)
    })

    test('an address outside the network is refused as invalid and leaves nothing', async ({
      assert,
    }) => {
      const outside = { family: 4 as const, address: '192.0.2.7', prefixLength: 24, gateway: null }
      const spec = await bench.order({ addresses: [outside] })
      assert.equal(
        await kindOf(bench.driver.instances.create(spec).then(settled(bench.driver))),
        'invalid'
      )
      assert.isNull(await bench.driver.instances.find(spec.ref))
    })

    test('a network or a pool that is not there is not_found', async ({ assert }) => {
      for (const changes of [{ network: 'nobr9' }, { storagePool: 'nopool' }]) {
        const spec = await bench.order(changes)
        const created = bench.driver.instances.create(spec).then(settled(bench.driver))
        assert.equal(await kindOf(created), 'not_found')
        assert.isNull(await bench.driver.instances.find(spec.ref))
      }
    })

    test('what LXD says is understood, as it says it', async ({ assert }) => {
      const { ref, image, network } = await bench.make()
      const root = { type: 'disk', path: '/', pool: 'default' }
      const source = { type: 'image', fingerprint: image }
      const create = (body: Record<string, unknown>) =>
        bench.raw('POST', at('instances'), { source, type: 'container', ...body })
      const said = {
        already_exists: await create({ name: ref }),
        invalid: await create({ name: `${ref}-x`, devices: { root: { ...root, size: '1MiB' } } }),
        not_found: await create({
          name: `${ref}-x`,
          source: { ...source, fingerprint: 'ab'.repeat(32) },
        }),
      }
      for (const [kind, words] of Object.entries(said)) {
        assert.isNotNull(words)
        assert.include(explain(words!), { kind }, words!)
      }
      assert.match(explain(said.invalid!).reason, /disk would be smaller/)
      const tooLittle = bench.raw('PATCH', at('instances', ref), {
        config: { 'limits.memory': 'a lot' },
      })
      assert.equal(await kindOf(tooLittle), 'invalid')
      assert.equal(
        await kindOf(bench.raw('PUT', at('instances', ref, 'state'), { action: 'fly' })),
        'invalid'
      )
      assert.isNotEmpty(network)
    })

    test('a guest leases the address of its further card and is answered over both families', async ({
      assert,
    }) => {
      const { ref, stamp } = await bench.makeRunning()
      const card = await node.furtherCard()
      const [ipv4, ipv6] = card.addresses
      await settle(bench.driver, await bench.driver.interfaces!.attach(ref, stamp, card))
      const inside = async (command: string) => {
        const { code, stderr } = await runCommand(bench.client, ref, ['sh', '-c', command], '')
        assert.equal(code, 0, `${command}: ${stderr}`)
      }
      await inside('ip link set eth1 up')
      await inside('udhcpc -q -n -i eth1 -s /usr/share/udhcpc/default.script')
      await inside(`ip addr add ${ipv6!.address}/64 dev eth1`)
      const carried = await bench.driver.instances.find(ref)
      const addresses = carried!.addresses.map(({ address }) => address)
      assert.includeMembers(addresses, [ipv4!.address, ipv6!.address])
      await inside(`ping -c 1 -W 5 -I ${ipv4!.address} ${ipv4!.gateway}`)
      // A new IPv6 address may not be used before it is known to be nobody else's.
      const patiently = (command: string) =>
        `i=0; until ${command}; do i=$((i+1)); [ $i -lt 60 ] || exit 1; sleep 0.5; done`
      await inside(patiently(`ping -6 -c 1 -W 1 -I eth1 ${ipv6!.gateway}`))
    })

    test('a guest that does not stop is told of after its time, and then forced', async ({
      assert,
    }) => {
      const { ref } = await bench.makeRunning()
      await haltGuest(node, ref)
      const error = await errorOf(bench.power(ref, 'stop'))
      assert.equal(error.kind, 'task_failed')
      assert.isNotEmpty(error.message)
      const { power } = (await bench.driver.instances.find(ref))!
      assert.equal(power, 'running')
      await bench.power(ref, 'force_stop')
    })

    test('a start under a stop waits for its turn instead of believing "already running"', async ({
      assert,
    }) => {
      const { ref } = await bench.makeRunning()
      await haltGuest(node, ref)
      const stop = await bench.driver.instances.power(ref, 'stop')
      const error = await errorOf(bench.driver.instances.power(ref, 'start'))
      assert.equal(error.kind, 'busy')
      assert.isTrue(error.retryable)
      await errorOf(settle(bench.driver, stop))
      await bench.power(ref, 'start')
    })

    test('a frozen instance is thawed by start, and stopped by stop', async ({ assert }) => {
      const { ref } = await bench.makeRunning()
      const freeze = () => bench.raw('PUT', at('instances', ref, 'state'), { action: 'freeze' })
      await freeze()
      const frozen = await bench.driver.instances.find(ref)
      assert.equal(frozen!.power, 'frozen')
      await bench.power(ref, 'start')
      const thawed = await bench.driver.instances.find(ref)
      assert.equal(thawed!.power, 'running')
      assert.equal(thawed!.startedAt, frozen!.startedAt)
      await freeze()
      await bench.power(ref, 'stop')
      const stopped = await bench.driver.instances.find(ref)
      assert.equal(stopped!.power, 'stopped')
      await bench.power(ref, 'start')
      await freeze()
      await bench.power(ref, 'restart')
    })

    test('a command that runs in the guest is no task that holds it', async ({ assert }) => {
      const { ref, stamp } = await bench.makeRunning()
      await bench.client.request('POST', at('instances', ref, 'exec'), {
        body: { json: { 'command': ['sleep', '60'], 'wait-for-websocket': true } },
      })
      assert.isEmpty(await new LxdTasks(bench.client).runningOn(ref))
      await settle(bench.driver, await bench.driver.instances.destroy(ref, stamp))
    })

    test('passwords stand neither in the operations nor in the logs of the instance', async ({
      assert,
    }) => {
      const { ref } = await bench.makeRunning()
      await bench.driver.credentials!.setRootPassword(ref, 'canary-Pass.word_7')
      const shown = await Promise.all([
        bench.client.send('GET', at('operations'), { query: { recursion: '1' } }),
        bench.client.send('GET', at('instances', ref), { query: { recursion: '1' } }),
        bench.client.send('GET', at('instances', ref, 'logs')),
      ])
      for (const { body } of shown) assert.notInclude(body.toString(), 'canary')
    })

    test('an authorized key signs in, and keys that were there stay', async ({ assert }) => {
      const { ref, addresses } = await bench.makeRunning()
      await bench.client.request('POST', at('instances', ref, 'files'), {
        query: { path: '/root/.ssh' },
        headers: { 'x-lxd-type': 'directory' },
      })
      await bench.client.request('POST', at('instances', ref, 'files'), {
        query: { path: '/root/.ssh/authorized_keys' },
        body: { raw: 'ssh-ed25519 AAAAold old@example.com' },
      })
      const keyFile = await newKey(ref)
      const { stdout: publicKey } = await run('ssh-keygen', ['-y', '-f', keyFile])
      await bench.driver.credentials!.authorizeKeys(ref, [publicKey])
      assert.equal(
        await guestFile(node, ref, '/root/.ssh/authorized_keys'),
        `ssh-ed25519 AAAAold old@example.com\n${publicKey.trim()}\n`
      )
      assert.isTrue(await signsIn(addresses[0].address, { keyFile }))
    })

    test('a key that is no key is refused before it is written', async ({ assert }) => {
      const { ref } = await bench.make()
      for (const key of [
        'hello',
        'ssh-ed25519 AAAA\nssh-ed25519 BBBB',
        'command="x" ssh-rsa AAAA',
      ]) {
        assert.equal(await kindOf(bench.driver.credentials!.authorizeKeys(ref, [key])), 'invalid')
      }
    })

    test('guests may speak only from the address they were given', async ({ assert }) => {
      const { ref, addresses } = await bench.makeRunning()
      const [{ address }] = addresses
      await eventually(
        () => bench.driver.instances.find(ref),
        (instance) => instance!.addresses.length > 0
      )
      const ping = (...args: string[]) =>
        runCommand(bench.client, ref, ['ping', '-c', '1', '-W', '2', ...args, node.gateway], '')
      assert.include(await ping(), { code: 0 })
      const forged = address.replace(/\d+$/, '250')
      await runCommand(bench.client, ref, ['ip', 'addr', 'add', `${forged}/24`, 'dev', 'eth0'], '')
      const { code } = await ping('-I', forged)
      assert.notEqual(code, 0)
    })

    test('a project holds its own instances, and one that is gone is not taken for empty', async ({
      assert,
    }) => {
      const project = `drv-${randomUUID().slice(0, 8)}`
      const outside = await bench.make()
      await bench.client.request('POST', at('projects'), {
        body: {
          json: {
            name: project,
            config: {
              'features.images': 'false',
              'features.profiles': 'false',
              'features.networks': 'false',
            },
          },
        },
      })
      const inside = workbench(node)
      await inside.open({ project })
      try {
        const { ref } = await inside.makeRunning()
        assert.deepEqual(await refsOf(inside.driver), [ref])
        assert.isNull(await inside.driver.instances.find(outside.ref))
        assert.isNull(await bench.driver.instances.find(ref))
        await inside.driver.credentials!.setRootPassword(ref, 'in a project')
      } finally {
        await inside.close()
        await bench.client.request('DELETE', at('projects', project))
      }
      const gone = await driverFor(node.connection({ settings: { project } }))
      assert.equal(await kindOf(gone.instances.find(outside.ref)), 'invalid')
      assert.equal(await kindOf(refsOf(gone)), 'invalid')
      assert.equal(await kindOf(gone.instances.destroy(outside.ref, outside.stamp)), 'invalid')
      await gone.close()
    })
  })
}

if (nodes.length > 1) {
  test.group('Two LXD servers at once', (group) => {
    const benches = nodes.slice(0, 2).map(workbench)

    group.each.setup(async () => {
      await Promise.all(benches.map((bench) => bench.open()))
      return async () => {
        await Promise.all(benches.map((bench) => bench.close()))
      }
    })

    test('each makes its own, at the same time, also under one name', async ({ assert }) => {
      const spec = await benches[0].order()
      const { ref } = spec
      const specs = [spec, await benches[1].order({ ref })]
      const others = await Promise.all(benches.flatMap((bench) => [bench.make(), bench.make()]))
      await Promise.all(
        benches.map(async ({ driver }, i) =>
          settle(driver, await driver.instances.create(specs[i]))
        )
      )
      const found = await Promise.all(benches.map(({ driver }) => driver.instances.find(ref)))
      assert.deepEqual(
        found.map((instance) => instance!.stamp),
        specs.map(({ stamp }) => stamp)
      )
      const foreign = await benches[0].driver.instances.find(others[2].ref)
      assert.isNull(foreign)
    })

    test('neither takes a task or a certificate of the other', async ({ assert }) => {
      const [one, other] = benches
      const spec = await one.order()
      const task = await one.driver.instances.create(spec)
      const status = await other.driver.poll(task)
      assert.include(status, { state: 'failed', kind: 'task_lost' })
      await settle(one.driver, task)
      const crossed = await driverFor(nodes[0].connection({ tlsFingerprint: nodes[1].fingerprint }))
      assert.equal(await kindOf(crossed.probe()), 'tls_mismatch')
      await crossed.close()
    })

    test('one that is closed leaves the other working', async ({ assert }) => {
      const closed = await driverFor(nodes[0].connection())
      await closed.probe()
      await closed.close()
      const facts = await benches[1].driver.probe()
      assert.equal(facts.product, 'LXD')
    })
  })
}

function settled(driver: ComputeDriver) {
  return (task: Parameters<ComputeDriver['poll']>[0]) => settle(driver, task)
}

async function refsOf({ instances }: ComputeDriver): Promise<string[]> {
  const refs: string[] = []
  for await (const { ref } of instances.list()) refs.push(ref)
  return refs
}

/** Stops the guest's init in its tracks, from the host: it hears nothing any more. */
async function haltGuest(node: LxdLabNode, ref: string): Promise<void> {
  const client = node.client()
  const { metadata } = await client.get(at('instances', ref, 'state')).finally(() => client.close())
  process.kill(Number(record(metadata).pid), 'SIGSTOP')
}

async function guestFile(node: LxdLabNode, ref: string, path: string): Promise<string> {
  const client = node.client()
  const { body } = await client
    .send('GET', at('instances', ref, 'files'), { query: { path } })
    .finally(() => client.close())
  return body.toString()
}

/** As an operator who mistyped a mount. */
async function breakStart(node: LxdLabNode, ref: string): Promise<void> {
  const client = node.client()
  const config = { 'raw.lxc': 'lxc.mount.entry = /nowhere mnt none bind 0 0' }
  await client
    .request('PATCH', at('instances', ref), { body: { json: { config } } })
    .finally(() => client.close())
}

async function hostNameIn(node: LxdLabNode, ref: string): Promise<string> {
  const client = node.client()
  await runCommand(client, ref, ['sh', '-c', 'hostname > /tmp/host'], '').finally(() =>
    client.close()
  )
  const told = await guestFile(node, ref, '/tmp/host')
  return told.trim()
}

async function newKey(name: string): Promise<string> {
  const { stdout } = await run('mktemp', ['-d'])
  const file = `${stdout.trim()}/${name}`
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file])
  return file
}

/** It computes for a moment, and says so many things to its gateway that it is answered. */
async function keepBusy(node: LxdLabNode, { ref }: { ref: string }): Promise<void> {
  const client = node.client()
  try {
    const compute = 'i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done'
    await runCommand(client, ref, ['sh', '-c', compute], '')
    await runCommand(client, ref, ['ping', '-c', '3', '-s', '1400', '-W', '1', node.gateway], '')
  } finally {
    client.close()
  }
}
