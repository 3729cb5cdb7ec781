import { test } from '@japa/runner'
import type {
  ComputeDriver,
  Facet,
  InstanceSpec,
  RemoteInstance,
  RemoteTask,
} from '#drivers/contract'
import { kindOf, type ClusterUnderTest, type Make } from '#tests/drivers/conformance'

type Given = {
  cluster: ClusterUnderTest
  driver(): ComputeDriver
  /** A spec of which the suite removes whatever comes out of it. */
  order(): Promise<InstanceSpec>
  make: Make
  makeRunning: Make
  follow(task: RemoteTask): Promise<void>
  find(ref: string): Promise<RemoteInstance>
  hasNot(facet: Facet): Promise<boolean>
  /** Removed in the end, when it is still there under that stamp. */
  leftover(made: { ref: string; stamp: string }): void
}

const UNKNOWN = 'conformance-nobody'

/** What a driver promises that gives instances further network cards. */
export function interfaceFacts(given: Given) {
  const { cluster, driver, order, make, makeRunning, follow, find, hasNot, leftover } = given
  const api = () => driver().interfaces!
  const without = () => hasNot('interfaces')
  const NONE = 'no interfaces facet'

  test('a card is attached and detached once whether it runs or not', async ({ assert }) => {
    const further = await cluster.furtherCard!()
    const { name, network, macAddress } = further
    const addresses = further.addresses.map(({ address }) => address)
    const found = { name, network, macAddress, addresses, isOurs: true }
    for (const { ref, stamp } of [await makeRunning(), await make()]) {
      const before = await find(ref)
      assert.isEmpty(await api().list(ref))
      await follow(await api().attach(ref, stamp, further))
      await follow(await api().attach(ref, stamp, further))
      assert.deepEqual(await api().list(ref), [found])
      const { power, size, macAddress: first } = await find(ref)
      assert.deepEqual(
        { power, size, first },
        { power: before.power, size: before.size, first: before.macAddress }
      )
      await follow(await driver().instances.resize(ref, cluster.otherSize))
      assert.lengthOf(await api().list(ref), 1)
      await follow(await api().detach(ref, stamp, name))
      await follow(await api().detach(ref, stamp, name))
      assert.isEmpty(await api().list(ref))
      assert.equal((await find(ref)).macAddress, before.macAddress)
    }
  }).skip(without, NONE)

  test('a card goes to an instance of ours and a network that is there', async ({ assert }) => {
    const { ref, stamp } = await make()
    const further = await cluster.furtherCard!()
    const { attach, detach } = {
      attach: (...asked: Parameters<ReturnType<typeof api>['attach']>) =>
        kindOf(
          api()
            .attach(...asked)
            .then(follow)
        ),
      detach: (...asked: Parameters<ReturnType<typeof api>['detach']>) =>
        kindOf(
          api()
            .detach(...asked)
            .then(follow)
        ),
    }
    assert.equal(await attach(ref, 'other', further), 'already_exists')
    assert.equal(await attach(UNKNOWN, stamp, further), 'not_found')
    assert.equal(await attach(ref, stamp, { ...further, network: 'nowhere' }), 'not_found')
    assert.equal(await detach(ref, 'other', 'eth1'), 'already_exists')
    await follow(await api().detach(UNKNOWN, stamp, 'eth1'))
    assert.equal(await kindOf(api().list(UNKNOWN)), 'not_found')
    assert.isEmpty(await api().list(ref))
  }).skip(without, NONE)

  test('a card outlives the time in which its instance is set aside', async ({ assert }) => {
    const { ref, stamp } = await make()
    const further = await cluster.furtherCard!()
    await follow(await api().attach(ref, stamp, further))
    const before = await api().list(ref)
    const next = await make()
    const attached = api().attach(next.ref, next.stamp, further)
    assert.equal(await kindOf(attached.then(follow)), 'already_exists')
    await follow(await driver().replacement!.retire(ref, stamp))
    assert.isEmpty(await api().list(ref))
    await follow(await api().attach(next.ref, next.stamp, further))
    await follow(await api().detach(next.ref, next.stamp, further.name))
    await follow(await driver().replacement!.recall(ref, stamp))
    assert.deepEqual(await api().list(ref), before)
    await follow(await driver().instances.power(ref, 'start'))
  }).skip(async () => (await without()) || (await hasNot('replacement')), NONE)

  test('an archive brings no card of the instance it was made of', async ({ assert }) => {
    const { ref, stamp } = await make()
    await follow(await api().attach(ref, stamp, await cluster.furtherCard!()))
    await follow(await driver().backups!.pack(ref, 'bk-card'))
    const archive = await driver().backups!.read(ref, 'bk-card')
    const spec = await order()
    leftover({ ref: spec.ref, stamp })
    await follow(await driver().backups!.unpack(spec, archive, stamp))
    await follow(await driver().backups!.adopt(spec, stamp))
    assert.isEmpty(await api().list(spec.ref))
    await follow(await driver().instances.power(spec.ref, 'start'))
  }).skip(async () => (await without()) || (await hasNot('backups')), NONE)
}
