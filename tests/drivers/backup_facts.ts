import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { test } from '@japa/runner'
import type { Archive, ComputeDriver, Facet, RemoteInstance, RemoteTask } from '#drivers/contract'
import type { InstanceSpec } from '#drivers/contract'
import { eventually, kindOf, type ClusterUnderTest, type Make } from '#tests/drivers/conformance'

type Given = {
  cluster: ClusterUnderTest
  driver(): ComputeDriver
  /** A spec of which the suite removes whatever comes out of it. */
  order(): Promise<InstanceSpec>
  makeRunning: Make
  follow(task: RemoteTask): Promise<void>
  find(ref: string): Promise<RemoteInstance>
  hasNot(facet: Facet): Promise<boolean>
  /** Removed in the end, when it is still there under that stamp. */
  leftover(made: { ref: string; stamp: string }): void
}

const UNKNOWN_REF = 'conformance-nobody'
const PUBLIC_KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMq2bJ0cB1JbQ0wRz3tGvJ0Yw6B0mG0o8o3r1mX1cQ5V kept@example.com'

/** What a driver with backups promises. */
export function backupFacts(given: Given) {
  const { cluster, driver, order, makeRunning, follow, find, hasNot, leftover } = given
  const api = () => driver().backups!
  const without = () => hasNot('backups')
  const NONE = 'no backups facet'

  test('what was packed comes back as another instance, with a size, card and address of its own', async ({
    assert,
  }) => {
    const { ref, stamp } = await makeRunning()
    await driver().credentials?.authorizeKeys(ref, [PUBLIC_KEY])
    await follow(await api().pack(ref, 'bk-one'))
    await follow(await api().pack(ref, 'bk-one'))
    const read = await api().read(ref, 'bk-one')
    const bytes = 'stream' in read ? await buffer(read.stream) : null
    if (bytes) assert.equal(bytes.length, read.sizeBytes)
    assert.isAbove(read.sizeBytes, 0)
    const discard = async () => {
      await follow(await api().discard(ref, 'bk-one'))
      await follow(await api().discard(ref, 'bk-one'))
      assert.equal(await kindOf(api().read(ref, 'bk-one')), 'not_found')
    }
    // One that is carried away is no longer needed there.
    if (bytes) await discard()

    const spec = await order()
    const archive = (): Archive =>
      bytes ? { stream: Readable.from([bytes]), sizeBytes: bytes.length } : read
    // Until it is adopted it carries the old one's stamp.
    leftover({ ref: spec.ref, stamp })
    const unpack = async () => follow(await api().unpack(spec, archive(), stamp))
    await unpack()
    // A second one, as after a crash: what the first left is replaced.
    for (let attempt = 0; ; attempt++) {
      try {
        await unpack()
        break
      } catch (error) {
        if ((error as { kind?: string }).kind !== 'busy' || attempt === 50) throw error
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
    }
    assert.equal(await kindOf(driver().instances.destroy(spec.ref, spec.stamp)), 'already_exists')
    await follow(await api().adopt(spec, stamp))
    await follow(await api().adopt(spec, stamp))
    const adopted = await find(spec.ref)
    assert.deepInclude(adopted, { stamp: spec.stamp, power: 'stopped', size: spec.size })
    assert.equal(await kindOf(api().unpack(spec, archive(), 'somebody-else')), 'already_exists')

    await follow(await driver().instances.power(spec.ref, 'start'))
    const started = await eventually(
      () => find(spec.ref),
      ({ addresses }) => addresses.length > 0
    )
    assert.deepEqual(
      started.addresses.filter(({ family }) => family === 4).map(({ address }) => address),
      spec.addresses.filter(({ family }) => family === 4).map(({ address }) => address)
    )
    const before = await find(ref)
    assert.notEqual(started.macAddress, before.macAddress)
    assert.equal(before.power, 'running')
    if (driver().credentials) assert.include(await cluster.authorizedKeys(started), PUBLIC_KEY)
    if ('stream' in read) return
    await follow(await driver().instances.destroy(ref, stamp))
    assert.deepEqual(await api().read(ref, 'bk-one'), read)
    await discard()
    await follow(await api().forget!(read.keptAs))
  }).skip(without, NONE)

  test('what is no archive is refused and leaves nothing, and what is not there is not_found', async ({
    assert,
  }) => {
    assert.equal(await kindOf(api().pack(UNKNOWN_REF, 'bk-one')), 'not_found')
    assert.equal(await kindOf(api().read(UNKNOWN_REF, 'bk-one')), 'not_found')
    await follow(await api().discard(UNKNOWN_REF, 'bk-one'))
    const spec = await order()
    assert.equal(await kindOf(api().adopt(spec, 'somebody')), 'not_found')
    const junk: Archive[] = [
      { stream: Readable.from([Buffer.from('no archive at all')]), sizeBytes: 17 },
      { keptAs: `/${UNKNOWN_REF}`, sizeBytes: 17 },
    ]
    for (const archive of junk) {
      const kind = await kindOf(api().unpack(spec, archive, 'somebody').then(follow))
      assert.include(['invalid', 'task_failed', 'unsupported', 'not_found'], kind)
    }
    assert.isNull(await driver().instances.find(spec.ref))
  }).skip(without, NONE)
}
