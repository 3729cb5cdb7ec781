import { once } from 'node:events'
import { inspect } from 'node:util'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from '@japa/runner'
import type { Group } from '@japa/runner/core'
import type { Assert } from '@japa/assert'
import type {
  CardSpec,
  ClusterConnection,
  ComputeDriver,
  ConsoleStream,
  Facet,
  InstanceSpec,
  InstanceUsage,
  RemoteInstance,
  RemoteTask,
  Size,
  WantedState,
} from '#drivers/contract'
import { DriverError, type DriverErrorKind } from '#drivers/errors'
import { driverFor } from '#drivers/registry'
import { settle } from '#drivers/settle'
import { backupFacts } from '#tests/drivers/backup_facts'
import { interfaceFacts } from '#tests/drivers/interface_facts'
import { moveFacts } from '#tests/drivers/move_facts'
import { screenFacts } from '#tests/drivers/screen_facts'
import { snapshotFacts } from '#tests/drivers/snapshot_facts'

/** What the suite has to be told about a cluster; everything else it finds out through the driver. */
export type ClusterUnderTest = {
  connection(): Promise<ClusterConnection>
  /** For a small instance with a name and an address nobody else has. */
  spec(): Promise<InstanceSpec>
  /** A card for it on another network, with addresses nobody else has; left out: its driver has no such facet. */
  furtherCard?(): Promise<CardSpec>
  /** A size to which that instance can be changed: other in everything, with a larger disk. */
  otherSize: Size
  /** How exactly it tells when a guest was started; left out: exactly. */
  startResolutionMs?: number
  /** Like the ids of this vendor's tasks, but of none. */
  unknownTaskId: string
  /** Connections that must fail, with the kind they must fail as. */
  broken(): Promise<{ connection: ClusterConnection; kind: DriverErrorKind }[]>
  /** A task that the cluster takes and then refuses. `make` settles and cleans up after itself. */
  refusedTask(driver: ComputeDriver, make: Make): Promise<RemoteTask>
  /** From now on the running guest does not react to being asked to stop. */
  ignoreStop(ref: string): Promise<void>
  isRootPassword(instance: RemoteInstance, password: string): Promise<boolean>
  authorizedKeys(instance: RemoteInstance): Promise<string[]>
  /** From now on the stopped instance cannot be started. */
  breakStart(ref: string): Promise<void>
  /** What the running guest calls itself. */
  hostName(instance: RemoteInstance): Promise<string>
  /** Has the running guest compute, send and receive a little. */
  work(instance: RemoteInstance): Promise<void>
}

/** An instance of the spec, made and stopped. */
export type Make = (changes?: Partial<InstanceSpec>) => Promise<InstanceSpec>

const PUBLIC_KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMq2bJ0cB1JbQ0wRz3tGvJ0Yw6B0mG0o8o3r1mX1cQ5V ada@example.com'
const PASSWORD = 'canary-Pass.word_7'
const UNKNOWN_REF = 'conformance-nobody'
/** For what comes by itself; a busy machine takes a while. */
const PATIENCE_MS = 30_000

/**
 * The rules every driver obeys, as facts. Call it in a group of the driver's own spec:
 * `test.group('Fake driver', (group) => driverConformance(group, cluster))`
 */
export function driverConformance(group: Group, cluster: ClusterUnderTest): void {
  let driver: ComputeDriver
  let made: { ref: string; stamp: string }[] = []
  /** What may be there under another stamp than its spec's. */
  let leftovers: { ref: string; stamp: string }[] = []

  group.each.setup(async () => {
    const connection = await cluster.connection()
    const first = await driverFor(connection)
    const facts = await first.probe()
    await first.close()
    driver = await driverFor({ ...connection, facts })
    made = []
    leftovers = []
    return async () => {
      await removeAll(driver, leftovers).catch(() => {})
      await removeAll(driver, made).finally(() => driver.close())
    }
  })

  const follow = (task: RemoteTask) => settle(driver, task, { holdMs: 90_000 })

  /** A spec of which the suite removes whatever comes out of it. */
  const order = async (changes: Partial<InstanceSpec> = {}): Promise<InstanceSpec> => {
    const spec = { ...(await cluster.spec()), ...changes }
    made.push(spec)
    return spec
  }
  const make: Make = async (changes) => {
    const spec = await order(changes)
    await follow(await driver.instances.create(spec))
    return spec
  }
  const makeRunning: Make = async (changes) => {
    const spec = await make(changes)
    await follow(await driver.instances.power(spec.ref, 'start'))
    return spec
  }
  const kept: InstanceSpec[] = []
  /** One that runs and is only spoken to: the facts that do no more share it. */
  const runningGuest = async (): Promise<InstanceSpec> => {
    const last = kept.at(-1)
    const found = last && (await driver.instances.find(last.ref))
    if (found?.power === 'running') return last!
    const spec = await makeRunning()
    made = made.filter((other) => other !== spec)
    kept.push(spec)
    return spec
  }
  group.setup(() => async () => {
    if (kept.length === 0) return
    const last = await driverFor(await cluster.connection())
    await removeAll(last, kept).finally(() => last.close())
  })
  const findOrFail = async (ref: string): Promise<RemoteInstance> => {
    const instance = await driver.instances.find(ref)
    if (!instance) throw new Error(`${ref} is not there`)
    return instance
  }

  const resolutionMs = cluster.startResolutionMs ?? 0
  /** So long that another start is told as another one. */
  const letTimePass = () => sleep(resolutionMs * 3.2)
  const isSameStart = (one: string | null, other: string | null) =>
    one === other || Math.abs(Date.parse(one!) - Date.parse(other!)) <= resolutionMs

  const powerOf = async (ref: string) => {
    const { power } = await findOrFail(ref)
    return power
  }
  const sizeOf = async (ref: string) => {
    const { size } = await findOrFail(ref)
    return size
  }

  test('a probe tells what the cluster is', async ({ assert }) => {
    const facts = await driver.probe()
    assert.isNotEmpty(facts.product)
    assert.match(facts.version, /\d/)
    assert.isNotEmpty(facts.serverName)
    assert.isNotEmpty(facts.kinds)
    assert.isBelow(Math.abs(facts.clockSkewMs ?? 0), 5_000)
    assert.deepEqual(JSON.parse(JSON.stringify(facts)), facts)
  })

  test('nodes, images, pools and networks are listed with what a choice needs', async ({
    assert,
  }) => {
    const { image, network, storagePool } = await cluster.spec()
    const nodes = await driver.nodes.list()
    assert.isTrue(
      nodes.some(
        ({ online, cpus, memoryMib, diskGib }) => online && cpus > 0 && memoryMib > 0 && diskGib > 0
      )
    )
    assert.lengthOf(new Set(nodes.map(({ ref }) => ref)), nodes.length)
    const images = await driver.images.list()
    const found = images.find(({ ref }) => ref === image)
    assert.exists(found)
    assert.isNotEmpty(found!.name)
    const pools = await driver.infrastructure.storagePools()
    assert.isTrue(pools.some(({ name, totalGib }) => name === storagePool && totalGib > 0))
    const networks = await driver.infrastructure.networks()
    assert.isTrue(networks.some(({ name, ipv4 }) => name === network && ipv4 !== null))
  })

  test('create leaves a stopped instance of the size, kind and stamp that were asked', async ({
    assert,
  }) => {
    const spec = await make({ macAddress: '00:16:3e:5a:00:01' })
    const instance = await findOrFail(spec.ref)
    assert.equal(instance.power, 'stopped')
    assert.isNull(instance.startedAt)
    assert.deepEqual(instance.size, spec.size)
    assert.equal(instance.kind, spec.kind)
    assert.equal(instance.stamp, spec.stamp)
    assert.equal(instance.macAddress, '00:16:3e:5a:00:01')
    assert.deepEqual(instance.addresses, [])
  })

  test('create twice makes one instance', async ({ assert }) => {
    const spec = await make()
    const before = await findOrFail(spec.ref)
    await follow(await driver.instances.create(spec))
    assert.deepEqual(await findOrFail(spec.ref), before)
  })

  test('two creates at the same time make one instance', async ({ assert }) => {
    const spec = await order()
    const tasks = await Promise.all([driver.instances.create(spec), driver.instances.create(spec)])
    await Promise.all(tasks.map(follow))
    assert.equal(await powerOf(spec.ref), 'stopped')
  })

  test('create of what is not ours is refused and changes nothing', async ({ assert }) => {
    const spec = await make()
    const before = await findOrFail(spec.ref)
    const error = await errorOf(
      driver.instances.create({ ...spec, stamp: 'somebody-else' }).then(follow)
    )
    assert.equal(error.kind, 'already_exists')
    assert.deepEqual(await findOrFail(spec.ref), before)
  })

  test('create from an image that is not there fails as not_found and leaves nothing', async ({
    assert,
  }) => {
    const spec = await order({ image: 'ab'.repeat(32) })
    const error = await errorOf(driver.instances.create(spec).then(follow))
    assert.equal(error.kind, 'not_found')
    assert.isNull(await driver.instances.find(spec.ref))
  })

  for (const ref of ['', '-x', 'a b', '../x', 'a'.repeat(64), 'ä']) {
    test(`create with the name ${JSON.stringify(ref)} is refused as invalid`, async ({
      assert,
    }) => {
      const spec = await cluster.spec()
      const error = await errorOf(driver.instances.create({ ...spec, ref }).then(follow))
      assert.equal(error.kind, 'invalid')
      assert.isNull(await driver.instances.find(ref))
    })
  }

  test('an unknown instance is null, not an error', async ({ assert }) => {
    assert.isNull(await driver.instances.find(UNKNOWN_REF))
  })

  test('the list holds every instance once, as find tells it', async ({ assert }) => {
    const specs = [await make(), await make(), await makeRunning()]
    const listed: RemoteInstance[] = []
    for await (const instance of driver.instances.list()) listed.push(instance)
    for (const { ref, stamp } of specs) {
      const [instance, ...others] = listed.filter((each) => each.ref === ref)
      assert.isEmpty(others)
      // Between the two reads a guest may have got its address.
      const found = await findOrFail(ref)
      assert.isTrue(isSameStart(instance.startedAt, found.startedAt))
      const { addresses, startedAt } = instance
      assert.deepEqual(instance, { ...found, addresses, startedAt })
      assert.equal(instance.stamp, stamp)
    }
  })

  test('a started instance runs, tells since when, and carries its address', async ({ assert }) => {
    const spec = await makeRunning()
    const instance = await eventually(
      () => findOrFail(spec.ref),
      ({ addresses }) => addresses.length > 0
    )
    assert.equal(instance.power, 'running')
    assert.isBelow(Math.abs(Date.parse(instance.startedAt!) - Date.now()), 60_000)
    assert.deepEqual(
      instance.addresses,
      spec.addresses.map(({ family, address }) => ({ family, address }))
    )
  })

  test('power twice succeeds, each way', async ({ assert }) => {
    const { ref } = await make()
    for (const action of ['start', 'start'] as const)
      await follow(await driver.instances.power(ref, action))
    assert.equal(await powerOf(ref), 'running')
    for (const action of ['stop', 'stop', 'force_stop'] as const) {
      await follow(await driver.instances.power(ref, action))
    }
    assert.equal(await powerOf(ref), 'stopped')
  })

  test('two starts at the same time end running', async ({ assert }) => {
    const { ref } = await make()
    const tasks = await Promise.all([
      driver.instances.power(ref, 'start'),
      driver.instances.power(ref, 'start'),
    ])
    await Promise.all(tasks.map(follow))
    assert.equal(await powerOf(ref), 'running')
  })

  test('a restart is a new start, also of a stopped instance', async ({ assert }) => {
    const { ref } = await make()
    await follow(await driver.instances.power(ref, 'restart'))
    const first = await findOrFail(ref)
    assert.equal(first.power, 'running')
    await letTimePass()
    await follow(await driver.instances.power(ref, 'restart'))
    const second = await findOrFail(ref)
    assert.equal(second.power, 'running')
    assert.isAbove(Date.parse(second.startedAt!), Date.parse(first.startedAt!))
  })

  test('a stop that the guest ignores can be forced', async ({ assert }) => {
    const { ref } = await makeRunning()
    await cluster.ignoreStop(ref)
    const stop = await driver.instances.power(ref, 'stop')
    const status = await driver.poll(stop)
    assert.equal(status.state, 'running')
    await follow(await driver.instances.power(ref, 'force_stop'))
    assert.equal(await powerOf(ref), 'stopped')
  })

  for (const action of ['start', 'stop', 'force_stop', 'restart'] as const) {
    test(`${action} of an unknown instance is refused as not_found`, async ({ assert }) => {
      const error = await errorOf(driver.instances.power(UNKNOWN_REF, action))
      assert.equal(error.kind, 'not_found')
    })
  }

  test('a resize is applied and read back, on a stopped and on a running instance', async ({
    assert,
  }) => {
    const { ref, size } = await make()
    const { diskGib } = cluster.otherSize
    await follow(await driver.instances.resize(ref, cluster.otherSize))
    assert.deepEqual(await sizeOf(ref), cluster.otherSize)
    await follow(await driver.instances.power(ref, 'start'))
    await follow(await driver.instances.resize(ref, { ...size, diskGib }))
    assert.deepEqual(await sizeOf(ref), { ...size, diskGib })
    await follow(await driver.instances.resize(ref, { ...size, diskGib }))
    assert.deepEqual(await sizeOf(ref), { ...size, diskGib })
  })

  test('a disk only grows', async ({ assert }) => {
    const { ref, size } = await make()
    const grown = { ...size, diskGib: size.diskGib + 1 }
    await follow(await driver.instances.resize(ref, grown))
    const error = await errorOf(driver.instances.resize(ref, size).then(follow))
    assert.equal(error.kind, 'invalid')
    assert.deepEqual(await sizeOf(ref), grown)
  })

  test('resize of an unknown instance is refused as not_found', async ({ assert }) => {
    const error = await errorOf(driver.instances.resize(UNKNOWN_REF, cluster.otherSize))
    assert.equal(error.kind, 'not_found')
  })

  test('destroy takes a running instance away, and once more succeeds', async ({ assert }) => {
    const { ref, stamp } = await makeRunning()
    await follow(await driver.instances.destroy(ref, stamp))
    assert.isNull(await driver.instances.find(ref))
    await follow(await driver.instances.destroy(ref, stamp))
  })

  test('two destroys at the same time both succeed', async ({ assert }) => {
    const { ref, stamp } = await makeRunning()
    const tasks = await Promise.all([
      driver.instances.destroy(ref, stamp),
      driver.instances.destroy(ref, stamp),
    ])
    await Promise.all(tasks.map(follow))
    assert.isNull(await driver.instances.find(ref))
  })

  test('a create that is taken back while it runs leaves nothing', async ({ assert }) => {
    const spec = await order()
    await driver.instances.create(spec)
    await follow(await driver.instances.destroy(spec.ref, spec.stamp))
    assert.isNull(await driver.instances.find(spec.ref))
  })

  test('destroy of an absent instance succeeds', async () => {
    await follow(await driver.instances.destroy(UNKNOWN_REF, 'whatever'))
  })

  test('destroy of what is not ours is refused and leaves it running', async ({ assert }) => {
    const { ref } = await makeRunning()
    const error = await errorOf(driver.instances.destroy(ref, 'somebody-else'))
    assert.equal(error.kind, 'already_exists')
    assert.equal(await powerOf(ref), 'running')
  })

  test('a refused task ends as failed, with a reason, and does not throw when asked', async ({
    assert,
  }) => {
    const task = await cluster.refusedTask(driver, make)
    const status = await eventually(
      () => driver.poll(task),
      ({ state }) => state !== 'running'
    )
    assert.equal(status.state, 'failed')
    assert.isNotEmpty(status.state === 'failed' && status.reason)
    const error = await errorOf(follow(task))
    assert.isFalse(error.retryable)
  })

  test('a task is plain data: another driver follows it after a restart of ours', async ({
    assert,
  }) => {
    const spec = await order()
    const task = await driver.instances.create(spec)
    const left = JSON.parse(JSON.stringify(task)) as RemoteTask
    const other = await driverFor(await cluster.connection())
    await settle(other, left, { holdMs: 60_000 })
    await other.close()
    const { stamp } = await findOrFail(spec.ref)
    assert.equal(stamp, spec.stamp)
  })

  test('a task the cluster forgot is judged by what the instance shows', async ({ assert }) => {
    const spec = await runningGuest()
    const { startedAt } = await findOrFail(spec.ref)
    const forgotten = (wanted: WantedState, ref = spec.ref) =>
      driver.poll({ id: cluster.unknownTaskId, ref, wanted })
    const { stamp, size } = spec
    const done: WantedState[] = [
      { is: 'present', stamp },
      { is: 'running' },
      { is: 'sized', size },
      { is: 'restarted', startedBefore: null },
      {
        is: 'restarted',
        startedBefore: new Date(Date.parse(startedAt!) - 2 * resolutionMs - 1).toISOString(),
      },
      { is: 'absent', stamp: 'somebody-else' },
    ]
    for (const wanted of done) {
      assert.deepEqual(await forgotten(wanted), { state: 'succeeded' }, JSON.stringify(wanted))
    }
    assert.deepEqual(await forgotten({ is: 'absent', stamp }, UNKNOWN_REF), { state: 'succeeded' })
    const undone: WantedState[] = [
      { is: 'present', stamp: 'somebody-else' },
      { is: 'stopped' },
      { is: 'sized', size: cluster.otherSize },
      { is: 'restarted', startedBefore: startedAt },
    ]
    for (const wanted of undone) await assertLost(assert, await forgotten(wanted), wanted)
    await assertLost(assert, await forgotten({ is: 'running' }, UNKNOWN_REF), { is: 'running' })
  })

  test('a destroy the cluster forgot half-way is gone on with', async ({ assert }) => {
    const { ref, stamp } = await make()
    const task: RemoteTask = { id: cluster.unknownTaskId, ref, wanted: { is: 'absent', stamp } }
    // A vendor may go on by itself or say that the task is lost; asked again, the deed is done.
    await follow(task).catch(async (error: DriverError) => {
      assert.equal(error.kind, 'task_lost')
      await follow(await driver.instances.destroy(ref, stamp))
    })
    assert.isNull(await driver.instances.find(ref))
  })

  test('a poll that may wait answers as soon as the task is over', async ({ assert }) => {
    const spec = await order()
    const task = await driver.instances.create(spec)
    const waitMs = 60_000
    const askedAt = Date.now()
    await eventually(
      () => driver.poll(task, { waitMs }),
      ({ state }) => state !== 'running'
    )
    const waitedMs = Date.now() - askedAt
    assert.deepEqual(await driver.poll(task), { state: 'succeeded' })
    assert.isBelow(waitedMs, waitMs * 0.9)
  })

  test('a root password that was set signs in, another does not', async ({ assert }) => {
    const { ref } = await runningGuest()
    await driver.credentials!.setRootPassword(ref, PASSWORD)
    const instance = await eventually(
      () => findOrFail(ref),
      ({ addresses }) => addresses.length > 0
    )
    assert.isTrue(await cluster.isRootPassword(instance, PASSWORD))
    assert.isFalse(await cluster.isRootPassword(instance, 'another'))
  }).skip(() => hasNot('credentials'), 'no credentials facet')

  test('a root password is refused as invalid while the instance is stopped', async ({
    assert,
  }) => {
    const { ref } = await make()
    const error = await errorOf(driver.credentials!.setRootPassword(ref, PASSWORD))
    assert.equal(error.kind, 'invalid')
    assert.notInclude(inspect(error, { depth: 10 }), PASSWORD)
  }).skip(() => hasNot('credentials'), 'no credentials facet')

  test('a root password of two lines is refused as invalid', async ({ assert }) => {
    const { ref } = await runningGuest()
    const error = await errorOf(driver.credentials!.setRootPassword(ref, `${PASSWORD}\nadmin:x`))
    assert.equal(error.kind, 'invalid')
    assert.notInclude(inspect(error, { depth: 10 }), PASSWORD)
  }).skip(() => hasNot('credentials'), 'no credentials facet')

  test('an SSH key is authorized once, however often it is asked', async ({ assert }) => {
    const { ref } = await runningGuest()
    await driver.credentials!.authorizeKeys(ref, [PUBLIC_KEY, PUBLIC_KEY])
    await driver.credentials!.authorizeKeys(ref, [PUBLIC_KEY])
    assert.deepEqual(await cluster.authorizedKeys(await findOrFail(ref)), [PUBLIC_KEY])
  }).skip(() => hasNot('credentials'), 'no credentials facet')

  test('a key that is revoked is gone, once and again, and the others stay', async ({ assert }) => {
    const { ref } = await makeRunning()
    const [other, gone] = [PUBLIC_KEY, PUBLIC_KEY.replace('Mq2b', 'Nr3c')]
    await driver.credentials!.authorizeKeys(ref, [gone, other])
    await driver.credentials!.revokeKeys(ref, [gone])
    await driver.credentials!.revokeKeys(ref, [gone])
    assert.deepEqual(await cluster.authorizedKeys(await findOrFail(ref)), [other])
  }).skip(() => hasNot('credentials'), 'no credentials facet')

  test('why a start failed can be read, and a start that succeeded says nothing', async ({
    assert,
  }) => {
    const [broken, sound] = [await make(), await runningGuest()]
    await cluster.breakStart(broken.ref)
    await errorOf(driver.instances.power(broken.ref, 'start').then(follow))
    const lines = await driver.diagnosis!.startLog(broken.ref)
    assert.isNotEmpty(lines)
    assert.isTrue(lines.every((line) => line.trim() !== '' && !line.includes('\n')))
    assert.isEmpty(await driver.diagnosis!.startLog(sound.ref))
    assert.equal(await kindOf(driver.diagnosis!.startLog(UNKNOWN_REF)), 'not_found')
    // A cluster may be busy for a moment with what is left of the start.
    await eventually(
      async () => {
        const destroyed = driver.instances.destroy(broken.ref, broken.stamp).then(follow)
        return destroyed.then(
          () => true,
          () => false
        )
      },
      (isGone) => isGone
    )
  }).skip(() => hasNot('diagnosis'), 'no diagnosis facet')

  test('a guest that is told its name calls itself so, also when it is told before it runs', async ({
    assert,
  }) => {
    const { ref } = await make()
    await driver.hostName!.set(ref, 'before')
    await follow(await driver.instances.power(ref, 'start'))
    await driver.hostName!.set(ref, 'web-7')
    await driver.hostName!.set(ref, 'web-7')
    assert.equal(await cluster.hostName(await findOrFail(ref)), 'web-7')
    assert.equal(await kindOf(driver.hostName!.set(UNKNOWN_REF, 'web-7')), 'not_found')
  }).skip(() => hasNot('hostName'), 'no hostName facet')

  test('credentials of an unknown instance are refused as not_found', async ({ assert }) => {
    const { setRootPassword, authorizeKeys } = bound(driver)
    assert.equal(await kindOf(setRootPassword(UNKNOWN_REF, PASSWORD)), 'not_found')
    assert.equal(await kindOf(authorizeKeys(UNKNOWN_REF, [PUBLIC_KEY])), 'not_found')
  }).skip(() => hasNot('credentials'), 'no credentials facet')

  test('an instance that is retired leaves its place to another, and has it again when recalled', async ({
    assert,
  }) => {
    const old = await makeRunning({ macAddress: '00:16:3e:5a:00:02' })
    const { addresses, macAddress } = old
    const heir = await make({ addresses, macAddress })
    await follow(await driver.instances.power(old.ref, 'force_stop'))
    for (const { ref, stamp } of [old, old]) {
      await follow(await driver.replacement!.retire(ref, stamp))
    }
    assert.isNull((await findOrFail(old.ref)).macAddress)
    const runsInPlace = async (ref: string) => {
      await follow(await driver.instances.power(ref, 'start'))
      const instance = await eventually(
        () => findOrFail(ref),
        ({ addresses: carried }) => carried.length > 0
      )
      const wanted = addresses.map(({ family, address }) => ({ family, address }))
      assert.deepEqual(instance.addresses, wanted)
      assert.equal(instance.macAddress, macAddress)
      assert.deepEqual(instance.size, old.size)
    }
    await runsInPlace(heir.ref)
    await follow(await driver.instances.destroy(heir.ref, heir.stamp))
    for (const { ref, stamp } of [old, old]) {
      await follow(await driver.replacement!.recall(ref, stamp))
    }
    await runsInPlace(old.ref)
  }).skip(() => hasNot('replacement'), 'no replacement facet')

  test('a stopped instance is copied to another number, with its limits, address and card', async ({
    assert,
  }) => {
    const replacement = driver.replacement!
    const copy = (...given: Parameters<NonNullable<typeof replacement.copy>>) =>
      replacement.copy!(...given).then(follow)
    const { ref, stamp, size, addresses } = await makeRunning()
    const { ref: number } = await cluster.spec()
    leftovers.push({ ref: number, stamp })
    const mac = '00:16:3e:5a:00:07'
    assert.equal(await kindOf(copy(ref, stamp, number, mac)), 'invalid')
    await follow(await driver.instances.power(ref, 'force_stop'))
    assert.equal(await kindOf(copy(ref, 'other', number, mac)), 'already_exists')
    assert.equal(await kindOf(copy(UNKNOWN_REF, stamp, number, mac)), 'not_found')
    const other = await make()
    assert.equal(await kindOf(copy(ref, stamp, other.ref, mac)), 'already_exists')
    await Promise.all([copy(ref, stamp, number, mac), copy(ref, stamp, number, mac)])
    await copy(ref, stamp, number, mac)
    const { node } = await findOrFail(ref)
    assert.deepInclude(await findOrFail(number), {
      stamp,
      node,
      size,
      macAddress: mac,
      power: 'stopped',
    })
    await follow(await driver.instances.power(number, 'start'))
    const started = await eventually(
      () => findOrFail(number),
      (instance) => instance.addresses.length > 0
    )
    assert.deepEqual(
      started.addresses.map(({ address }) => address),
      addresses.map(({ address }) => address)
    )
  }).skip(copiesNot, 'no numbers to keep')

  test('only a stopped instance of ours is retired; an absent one is already', async ({
    assert,
  }) => {
    const { replacement } = driver
    const { ref, stamp } = await makeRunning()
    assert.equal(await kindOf(replacement!.retire(ref, stamp).then(follow)), 'invalid')
    assert.equal(await kindOf(replacement!.retire(ref, 'other').then(follow)), 'already_exists')
    assert.equal(await kindOf(replacement!.recall(ref, 'other').then(follow)), 'already_exists')
    await follow(await replacement!.recall(ref, stamp))
    assert.equal(await powerOf(ref), 'running')
    await follow(await replacement!.retire(UNKNOWN_REF, stamp))
    await follow(await replacement!.recall(UNKNOWN_REF, stamp))
  }).skip(() => hasNot('replacement'), 'no replacement facet')

  const usageOf = async (ref: string): Promise<InstanceUsage> => {
    const [usage, ...others] = await eventually(
      async () => (await driver.metrics!.usage()).filter((each) => each.ref === ref),
      ({ length }) => length > 0
    )
    if (!usage || others.length > 0) throw new Error(`${ref} was not measured once`)
    return usage
  }
  const hasComputed = (before: InstanceUsage, after: InstanceUsage) =>
    after.cpusInUse === undefined ? after.cpuMs > before.cpuMs : after.cpusInUse > 0
  const bytesOf = ({ cards }: InstanceUsage) =>
    cards.reduce((sum, { receivedBytes, sentBytes }) => sum + receivedBytes + sentBytes, 0)

  test('a reading tells of every instance whose it is, where and how it stands', async ({
    assert,
  }) => {
    const [stopped, running] = [await make(), await makeRunning()]
    for (const { ref, stamp } of [stopped, running]) {
      const instance = await findOrFail(ref)
      // What is told of all at once may be a little older.
      const usage = await eventually(
        () => usageOf(ref),
        ({ power }) => power === instance.power
      )
      assert.equal(usage.stamp, stamp)
      assert.equal(usage.node, instance.node)
      assert.equal(usage.power, instance.power)
      if (usage.startedAt !== null) {
        assert.isTrue(isSameStart(usage.startedAt, instance.startedAt))
      }
    }
    const idle = await usageOf(stopped.ref)
    assert.equal(idle.cpuMs, 0)
    assert.equal(idle.memoryBytes, 0)
    assert.isEmpty(idle.cards)
    const busy = await usageOf(running.ref)
    assert.isAbove(busy.memoryBytes, 0)
    assert.isAtMost(busy.memoryBytes, running.size.memoryMib * 2 ** 20)
    assert.lengthOf(new Set(busy.cards.map(({ card }) => card)), busy.cards.length)
  }).skip(() => hasNot('metrics'), 'no metrics facet')

  test('what a guest computes, sends and receives is counted', async ({ assert }) => {
    const { ref } = await runningGuest()
    const instance = await eventually(
      () => findOrFail(ref),
      ({ addresses }) => addresses.length > 0
    )
    const before = await usageOf(ref)
    await cluster.work(instance)
    const after = await eventually(
      () => usageOf(ref),
      (usage) => bytesOf(usage) > bytesOf(before) && hasComputed(before, usage)
    )
    assert.isTrue(hasComputed(before, after))
    for (const count of ['receivedBytes', 'sentBytes'] as const) {
      const sum = ({ cards }: InstanceUsage) =>
        cards.reduce((total, each) => total + each[count], 0)
      assert.isAbove(sum(after), sum(before), count)
    }
    assert.isTrue(isSameStart(after.startedAt, before.startedAt))
  }).skip(() => hasNot('metrics'), 'no metrics facet')

  test('a restart shows in the reading, and counting begins again', async ({ assert }) => {
    const { ref } = await makeRunning()
    const instance = await eventually(
      () => findOrFail(ref),
      ({ addresses }) => addresses.length > 0
    )
    await cluster.work(instance)
    const before = await eventually(
      () => usageOf(ref),
      (usage) => bytesOf(usage) > 0
    )
    await letTimePass()
    await follow(await driver.instances.power(ref, 'restart'))
    const after = await eventually(
      () => usageOf(ref),
      (usage) => usage.power === 'running' && bytesOf(usage) < bytesOf(before)
    )
    if (after.startedAt !== null) {
      assert.isAbove(Date.parse(after.startedAt), Date.parse(before.startedAt!))
    }
    assert.isBelow(bytesOf(after), bytesOf(before))
  }).skip(() => hasNot('metrics'), 'no metrics facet')

  /** What a console showed so far, and the hand that waits for more. */
  const screenOf = ({ bytes }: ConsoleStream) => {
    let shown = ''
    bytes.on('data', (chunk: Buffer) => (shown += chunk.toString()))
    return {
      type: (line: string) => bytes.write(`${line}\r`),
      shows: (wanted: RegExp) =>
        eventually(
          async () => shown,
          (text) => wanted.test(text)
        ),
      get text() {
        return shown
      },
    }
  }

  const hasNoShell = async () => {
    if (await hasNot('console')) return true
    const asked = await driverFor(await cluster.connection())
    const { kinds } = asked.console!
    await asked.close()
    return !kinds.includes('shell')
  }

  test('a shell shows what is typed and what came of it, and ends by exit', async ({ assert }) => {
    const { ref } = await runningGuest()
    const stream = await driver.console!.open(ref, 'shell', { columns: 80, rows: 24 })
    const screen = screenOf(stream)
    const ended = once(stream.bytes, 'end')
    screen.type('echo $((40 + 2)) found')
    await screen.shows(/echo [^\r\n]*found[^]*found/)
    screen.type('exit')
    await ended
    assert.match(screen.text, /exit/)
    stream.bytes.destroy()
  }).skip(hasNoShell, 'no shell')

  test('a shell has the size it was opened with, and then the one it is given', async ({
    assert,
  }) => {
    const { ref } = await runningGuest()
    const stream = await driver.console!.open(ref, 'shell', { columns: 91, rows: 31 })
    const screen = screenOf(stream)
    screen.type('stty size')
    await screen.shows(/\b31 91\b/)
    stream.resize({ columns: 132, rows: 43 })
    await eventually(
      async () => {
        screen.type('stty size')
        await sleep(100)
        return screen.text
      },
      (text) => /\b43 132\b/.test(text)
    )
    assert.match(screen.text, /\b43 132\b/)
    stream.bytes.destroy()
  }).skip(hasNoShell, 'no shell')

  test('the serial console asks who one is, and can be opened again', async ({ assert }) => {
    const { ref } = await runningGuest()
    for (const round of [1, 2]) {
      const stream = await driver.console!.open(ref, 'serial', { columns: 80, rows: 24 })
      const screen = screenOf(stream)
      await eventually(
        async () => {
          screen.type('')
          await sleep(200)
          return screen.text
        },
        (text) => /login:/.test(text)
      )
      assert.match(screen.text, /login:/, `round ${round}`)
      stream.bytes.destroy()
      await once(stream.bytes, 'close')
    }
  }).skip(() => hasNot('console'), 'no console facet')

  // Shells only: LXD 5.0.2 falls over now and then when its guest stops under a serial console. Portico has none
  // open by then, see ConsoleSession.letGo.
  test('a stop ends the shells of the instance, in good order', async ({ assert }) => {
    const { ref } = await makeRunning()
    const streams = await Promise.all(
      [1, 2].map(() => driver.console!.open(ref, 'shell', { columns: 80, rows: 24 }))
    )
    const endings = streams.map(({ bytes }) => {
      bytes.resume()
      return once(bytes, 'end')
    })
    await follow(await driver.instances.power(ref, 'force_stop'))
    assert.lengthOf(await Promise.all(endings), streams.length)
  }).skip(hasNoShell, 'no shell')

  test('a console of what does not run is refused as invalid, of nothing as not_found', async ({
    assert,
  }) => {
    const { ref } = await make()
    for (const kind of driver.console!.kinds) {
      const open = (name: string) => driver.console!.open(name, kind, { columns: 80, rows: 24 })
      assert.equal(await kindOf(open(ref)), 'invalid')
      assert.equal(await kindOf(open(UNKNOWN_REF)), 'not_found')
    }
  }).skip(() => hasNot('console'), 'no console facet')

  test('who watches hears of a start and of a stop within a second', async ({ assert }) => {
    const { ref } = await make()
    const ending = new AbortController()
    const heard: string[] = []
    const ready = Promise.withResolvers<void>()
    const watched = driver.events!.watch(
      { onReady: ready.resolve, onChange: (changed) => heard.push(changed) },
      ending.signal
    )
    await Promise.race([ready.promise, watched])
    for (const action of ['start', 'force_stop'] as const) {
      const other = action === 'start' ? 'force_stop' : 'start'
      let quickestMs = Infinity
      // A machine that is busy holds one back now and then; that it is always slow is another matter.
      for (let attempt = 1; attempt <= 5 && quickestMs >= 1_000; attempt++) {
        if (attempt > 1) await follow(await driver.instances.power(ref, other))
        heard.length = 0
        await follow(await driver.instances.power(ref, action))
        const overAt = Date.now()
        await eventually(
          async () => heard,
          (refs) => refs.includes(ref)
        )
        assert.include(heard, ref)
        quickestMs = Math.min(quickestMs, Date.now() - overAt)
      }
      assert.isBelow(quickestMs, 1_000)
    }
    ending.abort()
    await watched
  }).skip(() => hasNot('events'), 'no events facet')

  interfaceFacts({
    cluster,
    driver: () => driver,
    order: () => order(),
    make,
    makeRunning,
    follow,
    find: findOrFail,
    hasNot,
    leftover: (left) => leftovers.push(left),
  })

  moveFacts({
    unknownTaskId: cluster.unknownTaskId,
    driver: () => driver,
    make,
    makeRunning,
    follow,
    find: findOrFail,
    hasNot,
  })

  screenFacts({ driver: () => driver, make, makeRunning, follow, hasNot })

  snapshotFacts({
    cluster,
    driver: () => driver,
    make,
    makeRunning,
    follow,
    find: findOrFail,
    hasNot,
  })
  test('one inspection tells of every guest, and what is changed by hand shows in it', async ({
    assert,
  }) => {
    const spec = await makeRunning()
    const inspected = await eventually(
      () => guestNamed(spec.ref),
      (guest) => (guest?.addresses.length ?? 0) > 0
    )
    const remote = await findOrFail(spec.ref)
    assert.deepInclude(inspected, { stamp: spec.stamp, power: 'running', node: remote.node })
    assert.deepEqual(inspected!.size, spec.size)
    assert.deepEqual(
      inspected!.assigned,
      spec.addresses.map(({ family, address }) => ({ family, address }))
    )
    await follow(await driver.instances.resize(spec.ref, cluster.otherSize))
    await follow(await driver.instances.power(spec.ref, 'force_stop'))
    const changed = await guestNamed(spec.ref)
    assert.deepEqual(changed!.size, cluster.otherSize)
    assert.equal(changed!.power, 'stopped')
    assert.isEmpty(changed!.addresses)
    await follow(await driver.instances.destroy(spec.ref, spec.stamp))
    assert.isUndefined(await guestNamed(spec.ref))
  }).skip(() => hasNot('inspect'), 'no inspect facet')

  test('a stamp is exchanged, taken away and given, and only in the place of the one that is meant', async ({
    assert,
  }) => {
    const spec = await make()
    const { restamp } = bindInspect(driver)
    await restamp(spec.ref, spec.stamp, 'other-stamp')
    await restamp(spec.ref, spec.stamp, 'other-stamp')
    assert.equal((await findOrFail(spec.ref)).stamp, 'other-stamp')
    assert.equal(await kindOf(restamp(spec.ref, null, 'third-stamp')), 'already_exists')
    await restamp(spec.ref, 'other-stamp', null)
    assert.isNull((await findOrFail(spec.ref)).stamp)
    assert.equal(
      await kindOf(driver.instances.destroy(spec.ref, spec.stamp)),
      'already_exists',
      'what carries no stamp is not ours'
    )
    await restamp(spec.ref, null, spec.stamp)
    assert.equal((await findOrFail(spec.ref)).stamp, spec.stamp)
    assert.equal(await kindOf(restamp(UNKNOWN_REF, null, 'x')), 'not_found')
  }).skip(() => hasNot('inspect'), 'no inspect facet')

  test('a guest carries the address it was assigned after its next start', async ({ assert }) => {
    const [spec, other] = [await makeRunning(), await cluster.spec()]
    const [wanted] = other.addresses
    const { assign } = bindInspect(driver)
    assert.equal(await kindOf(assign(spec.ref, 'not-its-stamp', [wanted])), 'already_exists')
    await assign(spec.ref, spec.stamp, [wanted])
    await assign(spec.ref, spec.stamp, [wanted])
    assert.deepEqual((await guestNamed(spec.ref))!.assigned, [
      { family: wanted.family, address: wanted.address },
    ])
    await follow(await driver.instances.power(spec.ref, 'restart'))
    const carried = await eventually(
      () => findOrFail(spec.ref),
      ({ addresses }) => addresses.some(({ address }) => address === wanted.address)
    )
    assert.include(
      carried.addresses.map(({ address }) => address),
      wanted.address
    )
    assert.deepEqual(carried.size, spec.size, 'its limits are what they were')
  }).skip(() => hasNot('inspect'), 'no inspect facet')

  test('its disks are told, the one it was made with first', async ({ assert }) => {
    const { ref, size } = await makeRunning()
    const [root] = await driver.disks!.list(ref)
    assert.deepInclude(root, { path: '/', sizeGib: size.diskGib })
    assert.isNotEmpty(root!.storagePool)
    assert.isTrue(root!.usedBytes === null || root!.usedBytes > 0)
    assert.equal(await kindOf(driver.disks!.list(UNKNOWN_REF)), 'not_found')
  }).skip(() => hasNot('disks'), 'no disks facet')

  test('its doctor tells how networks stand, what it complains of, and what a guest reaches', async ({
    assert,
  }) => {
    const doctor = driver.doctor!
    const spec = await makeRunning()
    await eventually(
      () => findOrFail(spec.ref),
      ({ addresses }) => addresses.length > 0
    )
    const [there, gone] = await doctor.networks([spec.network, 'nonet9'])
    assert.deepInclude(there, { name: spec.network, isThere: true, isUp: true })
    const [{ gateway }] = spec.addresses
    assert.include(there.addresses, gateway!)
    assert.deepInclude(gone, { isThere: false, isUp: null })
    for (const { message } of await doctor.warnings()) assert.isNotEmpty(message)
    const target = { gateway: gateway!, name: 'localhost', address: gateway!, port: 53 }
    const reach = await doctor.reach(spec.ref, target)
    assert.notEqual(reach.gateway, false)
    assert.notEqual(reach.outside, false)
    assert.equal(await kindOf(doctor.reach(UNKNOWN_REF, target)), 'not_found')
    await follow(await driver.instances.power(spec.ref, 'force_stop'))
    assert.equal(await kindOf(doctor.reach(spec.ref, target)), 'invalid')
  }).skip(() => hasNot('doctor'), 'no doctor facet')

  async function guestNamed(wanted: string) {
    const guests = await driver.inspect!.guests()
    return guests.find(({ ref }) => ref === wanted)
  }

  backupFacts({
    cluster,
    driver: () => driver,
    order,
    makeRunning,
    follow,
    find: findOrFail,
    hasNot,
    leftover: (left) => leftovers.push(left),
  })

  test('each way to fail has its kind, and no error tells a credential', async ({ assert }) => {
    const { credentials } = await cluster.connection()
    for (const { connection, kind } of await cluster.broken()) {
      const error = await errorOf(
        driverFor(connection).then(async (broken) => {
          await broken.probe().finally(() => broken.close())
        })
      )
      assert.equal(error.kind, kind, error.message)
      const shown = inspect(error, { depth: 10 }) + error.stack
      for (const secret of Object.values({ ...credentials, ...connection.credentials })) {
        assert.notInclude(shown, secretPart(secret))
      }
    }
  })

  async function hasNot(facet: Facet): Promise<boolean> {
    const probed = await driverFor(await cluster.connection())
    await probed.close()
    return probed[facet] === undefined
  }

  async function copiesNot(): Promise<boolean> {
    const probed = await driverFor(await cluster.connection())
    await probed.close()
    return probed.replacement?.copy === undefined
  }
}

/** Removes what a test made; one that resists does not keep the others. */
export async function removeAll(
  driver: ComputeDriver,
  made: { ref: string; stamp: string }[]
): Promise<void> {
  const removed = await Promise.allSettled(
    made.map(async ({ ref, stamp }) => {
      await settle(driver, await driver.instances.destroy(ref, stamp), { holdMs: 60_000 })
    })
  )
  const [failed] = removed.filter(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') throw failed.reason
}

/** @throws when it succeeds, or fails as anything but a DriverError */
export async function errorOf(promise: Promise<unknown>): Promise<DriverError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof DriverError) return error
    throw error
  }
  throw new Error('expected a DriverError, but it succeeded')
}

export async function kindOf(promise: Promise<unknown>): Promise<DriverErrorKind> {
  const { kind } = await errorOf(promise)
  return kind
}

/** Asks until it is so; after half a minute answers as it is, so that the test tells what it saw. */
export async function eventually<Value>(
  ask: () => Promise<Value>,
  isWanted: (value: Value) => boolean
): Promise<Value> {
  for (const until = Date.now() + PATIENCE_MS; ; await sleep(50)) {
    const value = await ask()
    if (isWanted(value) || Date.now() > until) return value
  }
}

async function assertLost(assert: Assert, status: unknown, wanted: WantedState) {
  const { state, kind } = status as { state: string; kind?: string }
  assert.deepEqual({ state, kind }, { state: 'failed', kind: 'task_lost' }, JSON.stringify(wanted))
}

function bound({ credentials }: ComputeDriver) {
  return {
    setRootPassword: credentials!.setRootPassword.bind(credentials),
    authorizeKeys: credentials!.authorizeKeys.bind(credentials),
  }
}

function bindInspect({ inspect: facet }: ComputeDriver) {
  return { restamp: facet!.restamp.bind(facet), assign: facet!.assign.bind(facet) }
}

/** A line from the middle of a PEM, or the whole of something shorter. */
function secretPart(secret: string): string {
  const lines = secret.trim().split('\n')
  return lines[Math.floor(lines.length / 2)]
}
