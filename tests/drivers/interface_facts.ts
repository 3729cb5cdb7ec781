import { test } from '@japa/runner'
import type { CardSpec, ComputeDriver, Facet, RemoteInstance, RemoteTask } from '#drivers/contract'
import { kindOf, type ClusterUnderTest, type Make } from '#tests/drivers/conformance'

type Given = {
  cluster: ClusterUnderTest
  driver(): ComputeDriver
  make: Make
  makeRunning: Make
  follow(task: RemoteTask): Promise<void>
  find(ref: string): Promise<RemoteInstance>
  hasNot(facet: Facet): Promise<boolean>
}

const UNKNOWN = 'conformance-nobody'

/** What a driver promises that gives instances further network cards. */
export function interfaceFacts(given: Given) {
  const { cluster, driver, make, makeRunning, follow, find, hasNot } = given
  const api = () => driver().interfaces!
  const without = () => hasNot('interfaces')
  const NONE = 'no interfaces facet'

  const card = async (): Promise<CardSpec> => {
    const { network, addresses } = await cluster.spec()
    return { name: 'eth1', network, macAddress: '00:16:3e:5a:00:11', addresses }
  }

  test('a card is attached once, while it runs and while it does not, and detached once', async ({
    assert,
  }) => {
    const further = await card()
    const { name, network, macAddress } = further
    for (const { ref, stamp } of [await makeRunning(), await make()]) {
      const before = await find(ref)
      assert.isEmpty(await api().list(ref))
      await follow(await api().attach(ref, stamp, further))
      await follow(await api().attach(ref, stamp, further))
      assert.deepEqual(await api().list(ref), [{ name, network, macAddress }])
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
    const further = await card()
    const { attach, detach } = {
      attach: (...order: Parameters<ReturnType<typeof api>['attach']>) =>
        kindOf(
          api()
            .attach(...order)
            .then(follow)
        ),
      detach: (...order: Parameters<ReturnType<typeof api>['detach']>) =>
        kindOf(
          api()
            .detach(...order)
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
}
