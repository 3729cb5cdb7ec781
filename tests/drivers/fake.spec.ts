import { randomUUID } from 'node:crypto'
import { fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { test } from '@japa/runner'
import { onDriverCall, type DriverCall } from '#drivers/calls'
import type { ClusterConnection, ComputeDriver, InstanceSpec } from '#drivers/contract'
import { FakeCluster } from '#drivers/fake/cluster'
import { canTrustClient, driverFor, identifyServer, trustClient } from '#drivers/registry'
import { settle } from '#drivers/settle'
import { driverConformance, errorOf, kindOf } from '#tests/drivers/conformance'
import { fakeEndpoint } from '#tests/support/fake_endpoint'

function connectionTo(address: string, settings: Record<string, unknown> = {}): ClusterConnection {
  return {
    driver: 'fake',
    endpoint: address,
    tlsFingerprint: null,
    credentials: {},
    settings: {
      createMs: 60,
      powerMs: 30,
      destroyMs: 20,
      resizeMs: 10,
      stopMs: 2_000,
      ...settings,
    },
    facts: null,
  }
}

/** Beside the one that every fake cluster has. */
const FURTHER = 'private'

let counter = 0
function specOf(changes: Partial<InstanceSpec> = {}): InstanceSpec {
  counter += 1
  return {
    ref: `pt-${counter}`,
    stamp: `stamp-${counter}`,
    kind: 'container',
    node: null,
    image: 'debian-12',
    size: { cpus: 1, memoryMib: 512, diskGib: 10, ingressMbps: 100, egressMbps: null },
    storagePool: 'default',
    network: 'lxdbr0',
    addresses: [
      {
        family: 4,
        address: `10.99.${counter >> 8}.${counter & 255}`,
        prefixLength: 16,
        gateway: '10.99.0.1',
      },
    ],
    nameservers: ['10.99.0.1'],
    macAddress: null,
    ...changes,
  }
}

test.group('Fake driver', (group) => {
  let cluster: FakeCluster

  group.setup(() => {
    cluster = FakeCluster.create(fakeEndpoint())
    cluster.addNetwork(FURTHER)
    return () => cluster.close()
  })

  driverConformance(group, {
    connection: async () => connectionTo(cluster.endpoint),
    spec: async () => specOf(),
    furtherCard: async () => {
      const { addresses } = specOf()
      return { name: 'eth1', network: FURTHER, macAddress: '00:16:3e:5a:00:11', addresses }
    },
    otherSize: { cpus: 2, memoryMib: 1_024, diskGib: 20, ingressMbps: null, egressMbps: 50 },
    unknownTaskId: randomUUID(),
    broken: async () => {
      const other = fakeEndpoint()
      writeFileSync(other.replace('fake:', ''), '')
      return [
        { connection: connectionTo(fakeEndpoint()), kind: 'unreachable' },
        { connection: connectionTo(other), kind: 'unsupported' },
        { connection: connectionTo('fake:/etc/passwd'), kind: 'invalid' },
      ]
    },
    refusedTask: async (driver, make) => {
      const { addresses } = await make()
      const { ref } = await make({ addresses })
      return driver.instances.power(ref, 'start')
    },
    ignoreStop: async (ref) => cluster.ignoreStop(ref),
    isRootPassword: async ({ ref }, password) => cluster.isRootPassword(ref, password),
    authorizedKeys: async ({ ref }) => cluster.authorizedKeys(ref),
    breakStart: async (ref) => cluster.failNext('start', { ref, reason: 'for the test' }),
    hostName: async ({ ref }) => cluster.hostName(ref) ?? '',
    work: async ({ ref }) =>
      cluster.use(ref, { cpuMs: 500, receivedBytes: 100_000, sentBytes: 50_000 }),
  })
})

test.group('Fake cluster', (group) => {
  let cluster: FakeCluster
  let driver: ComputeDriver

  group.each.setup(async () => {
    cluster = FakeCluster.create(fakeEndpoint())
    driver = await driverFor(connectionTo(cluster.endpoint))
    return async () => {
      await driver.close()
      cluster.close()
    }
  })

  const make = async (changes?: Partial<InstanceSpec>) => {
    const spec = specOf(changes)
    await settle(driver, await driver.instances.create(spec))
    return spec
  }

  test('a create takes its time, tells its percent, and is incomplete until then', async ({
    assert,
  }) => {
    cluster.configure({ createMs: 60_000 })
    const spec = specOf()
    const task = await driver.instances.create(spec)
    const status = await driver.poll(task)
    assert.equal(status.state, 'running')
    assert.isBelow(status.state === 'running' ? status.percent! : 100, 50)
    const instance = await driver.instances.find(spec.ref)
    assert.equal(instance!.power, 'unknown')
  })

  test('what the next create is told to fail as, it fails as, and leaves nothing', async ({
    assert,
  }) => {
    cluster.failNext('create', { kind: 'out_of_capacity', reason: 'the pool is full' })
    const spec = specOf()
    const task = await driver.instances.create(spec)
    const error = await errorOf(settle(driver, task))
    assert.equal(error.kind, 'out_of_capacity')
    assert.equal(error.message, 'the pool is full')
    assert.isNull(await driver.instances.find(spec.ref))
    await settle(driver, await driver.instances.create(spec))
  })

  test('a fault can be meant for one instance, and strike more than once', async ({ assert }) => {
    const [one, other] = [await make(), await make()]
    cluster.refuseNext('start', { ref: one.ref, kind: 'busy', times: 2 })
    await driver.instances.power(other.ref, 'start')
    for (let i = 0; i < 2; i += 1) {
      assert.equal(await kindOf(driver.instances.power(one.ref, 'start')), 'busy')
    }
    await driver.instances.power(one.ref, 'start')
  })

  test('an answer that is lost was carried out; asked again, it is found', async ({ assert }) => {
    cluster.loseNextAnswer('create')
    const spec = specOf()
    const error = await errorOf(driver.instances.create(spec))
    assert.equal(error.kind, 'timeout')
    assert.isTrue(error.retryable)
    await settle(driver, await driver.instances.create(spec))
    assert.equal(cluster.count(), 1)
  })

  test('a task that was forgotten goes on, and is judged when it is over', async ({ assert }) => {
    cluster.forgetNext('create')
    const spec = specOf()
    const task = await driver.instances.create(spec)
    assert.include(await driver.poll(task), { state: 'running' })
    await settle(driver, task)
    assert.equal((await driver.instances.find(spec.ref))!.power, 'stopped')
  })

  test('a cluster that was killed in a create loses it, and makes it when asked again', async ({
    assert,
  }) => {
    cluster.configure({ createMs: 60_000 })
    const spec = specOf()
    const task = await driver.instances.create(spec)
    cluster.restart()
    const error = await errorOf(settle(driver, task))
    assert.equal(error.kind, 'task_lost')
    assert.isTrue(error.retryable)
    cluster.configure({ createMs: 10 })
    await settle(driver, await driver.instances.create(spec))
    assert.equal(cluster.count(), 1)
  })

  test('a guest that ignores the stop is waited for, and then told of', async ({ assert }) => {
    const { ref } = await make()
    await settle(driver, await driver.instances.power(ref, 'start'))
    cluster.configure({ stopMs: 50 })
    cluster.ignoreStop(ref)
    const error = await errorOf(settle(driver, await driver.instances.power(ref, 'stop')))
    assert.match(error.message, /did not shut down/)
    assert.equal((await driver.instances.find(ref))!.power, 'running')
  })

  test('another deed while one goes on is refused as busy', async ({ assert }) => {
    const { ref } = await make()
    cluster.configure({ powerMs: 60_000 })
    await driver.instances.power(ref, 'start')
    assert.equal(await kindOf(driver.instances.power(ref, 'stop')), 'busy')
  })

  test('offline it does not answer, and afterwards nothing is lost', async ({ assert }) => {
    const { ref } = await make()
    cluster.goOffline()
    const error = await errorOf(driver.instances.find(ref))
    assert.equal(error.kind, 'unreachable')
    assert.isTrue(error.retryable)
    cluster.comeBack()
    assert.exists(await driver.instances.find(ref))
  })

  test('a cluster without room says so before it begins, and room that is freed is given again', async ({
    assert,
  }) => {
    const small = FakeCluster.create(fakeEndpoint(), {
      nodes: [{ name: 'only', cpus: 1, memoryMib: 1_024, diskGib: 100 }],
    })
    const tight = await driverFor(connectionTo(small.endpoint))
    const [one, two, three] = [specOf(), specOf(), specOf()]
    await settle(tight, await tight.instances.create(one))
    await settle(tight, await tight.instances.create(two))
    assert.equal(await kindOf(tight.instances.create(three)), 'out_of_capacity')
    const grown = { ...one.size, memoryMib: 600 }
    assert.equal(await kindOf(tight.instances.resize(one.ref, grown)), 'out_of_capacity')
    await settle(tight, await tight.instances.destroy(one.ref, one.stamp))
    await settle(tight, await tight.instances.create(three))
    const [node] = await tight.nodes.list()
    assert.equal(node.memoryUsedMib, 1_024)
    await tight.close()
    small.close()
  })

  test('an instance goes to the node it was meant for, else to the emptiest that is online', async ({
    assert,
  }) => {
    cluster.setNodeOnline('node-1', false)
    const meant = await make({ node: 'node-3' })
    const chosen = await make()
    assert.equal((await driver.instances.find(meant.ref))!.node, 'node-3')
    assert.equal((await driver.instances.find(chosen.ref))!.node, 'node-2')
    assert.equal(
      await kindOf(driver.instances.create(specOf({ node: 'node-1' }))),
      'out_of_capacity'
    )
  })

  test('facets are what the settings leave', async ({ assert }) => {
    const bare = await driverFor(connectionTo(cluster.endpoint, { credentials: false }))
    assert.isUndefined(bare.credentials)
    await bare.close()
  })

  test('it has nothing to pin and no trust to give', async ({ assert }) => {
    assert.isNull(await identifyServer('fake', cluster.endpoint))
    assert.isFalse(await canTrustClient('fake'))
    const error = await errorOf(trustClient(connectionTo(cluster.endpoint), 'secret'))
    assert.equal(error.kind, 'unsupported')
  })

  test('every call can be listened to', async ({ assert }) => {
    const calls: DriverCall[] = []
    const stop = onDriverCall((call) => calls.push(call))
    await driver.instances.find('nobody')
    cluster.goOffline()
    await errorOf(driver.probe())
    stop()
    cluster.comeBack()
    await driver.probe()
    assert.deepEqual(
      calls.map(({ driver: name, call, errorKind }) => ({ name, call, errorKind })),
      [
        { name: 'fake', call: 'find', errorKind: null },
        { name: 'fake', call: 'probe', errorKind: 'unreachable' },
      ]
    )
  })

  test('two processes share it: no ref and no room is given twice', async ({ assert }) => {
    const shared = FakeCluster.create(fakeEndpoint(), {
      nodes: [{ name: 'only', cpus: 1, memoryMib: 30 * 512, diskGib: 10_000 }],
    })
    const create = () =>
      new Promise<number>((resolve, reject) => {
        const child = fork(new URL('./fake_creator.ts', import.meta.url), [shared.endpoint], {
          execArgv: ['--import=@poppinss/ts-exec'],
        })
        child.on('message', (created) => resolve(Number(created)))
        child.on('error', reject)
        child.on('exit', (code) => code && reject(new Error(`a creator ended with ${code}`)))
      })
    const created = await Promise.all([create(), create()])
    assert.equal(created[0] + created[1], 30)
    assert.equal(shared.count(), 30)
    shared.close()
  })

  test('with 100,000 instances a call costs what it cost with none', async ({ assert }) => {
    const large = FakeCluster.create(fakeEndpoint(), {
      nodes: [{ name: 'huge', cpus: 1_000, memoryMib: 1e9, diskGib: 1e9 }],
    })
    large.add(
      (function* () {
        for (let i = 0; i < 100_000; i += 1) yield { ref: `old-${i}`, stamp: `s${i}` }
      })()
    )
    const small = FakeCluster.create(fakeEndpoint(), {
      nodes: [{ name: 'huge', cpus: 1_000, memoryMib: 1e9, diskGib: 1e9 }],
    })
    const drivers = await Promise.all(
      [large, small].map(({ endpoint }) => driverFor(connectionTo(endpoint, { createMs: 0 })))
    )
    const quickest = [Infinity, Infinity]
    // In turns, and the best of each: what else the machine does at some moment is nobody's cost.
    for (let round = 0; round < 100; round += 1) {
      for (const [index, one] of drivers.entries()) {
        const spec = specOf()
        const startedAt = performance.now()
        await settle(one, await one.instances.create(spec))
        await one.instances.find(spec.ref)
        quickest[index] = Math.min(quickest[index]!, performance.now() - startedAt)
      }
    }
    let listed = 0
    for await (const { stamp } of drivers[0]!.instances.list()) listed += Number(stamp !== null)
    assert.equal(listed, 100_100)
    assert.isBelow(quickest[0]!, quickest[1]! * 3)
    for (const one of drivers) await one.close()
    small.close()
    large.close()
  }).timeout(60_000)
})
