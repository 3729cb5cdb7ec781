import { test } from '@japa/runner'
import type { ComputeDriver, Facet, RemoteInstance, RemoteTask } from '#drivers/contract'
import { eventually, kindOf, type Make } from '#tests/drivers/conformance'

type Given = {
  driver(): ComputeDriver
  /** Like the ids of this vendor's tasks, but of none. */
  unknownTaskId: string
  make: Make
  makeRunning: Make
  follow(task: RemoteTask): Promise<void>
  find(ref: string): Promise<RemoteInstance>
  hasNot(facet: Facet): Promise<boolean>
}

const UNKNOWN = 'conformance-nobody'

/** What a driver promises that moves instances between the nodes of its cluster. */
export function moveFacts(given: Given) {
  const { driver, unknownTaskId, make, makeRunning, follow, find, hasNot } = given
  const api = () => driver().moves!
  const without = () => hasNot('moves')
  const NONE = 'no moves facet'

  const otherThan = async (node: string | null): Promise<string> => {
    const nodes = await driver().nodes.list()
    return nodes.find(({ ref, online }) => online && ref !== node)!.ref
  }

  test('a stopped instance goes to another node with its snapshots, card, addresses and limits, and back', async ({
    assert,
  }) => {
    const { ref, stamp, addresses } = await makeRunning()
    await follow(await driver().snapshots!.create(ref, 'before'))
    await follow(await driver().instances.power(ref, 'force_stop'))
    const before = await find(ref)
    const target = await otherThan(before.node)
    for (const node of [target, target, before.node!, target]) {
      await follow(await api().move(ref, stamp, node))
      const { power, vendorState, ...moved } = await find(ref)
      assert.deepInclude(moved, {
        node,
        stamp,
        size: before.size,
        macAddress: before.macAddress,
        kind: before.kind,
      })
      assert.equal(power, 'stopped')
    }
    const snapshots = await driver().snapshots!.list(ref)
    assert.deepEqual(
      snapshots.map(({ name }) => name),
      ['before']
    )
    await follow(await driver().instances.power(ref, 'start'))
    const started = await eventually(
      () => find(ref),
      (instance) => instance.addresses.length > 0
    )
    assert.deepEqual(
      started.addresses,
      addresses.map(({ family, address }) => ({ family, address }))
    )
    assert.equal(started.node, target)
    const refs = (await Array.fromAsync(driver().instances.list())).filter(
      (instance) => instance.stamp === stamp
    )
    assert.lengthOf(refs, 1)
  }).skip(async () => (await without()) || (await hasNot('snapshots')), NONE)

  test('only a stopped instance of ours is moved, to a node that is there', async ({ assert }) => {
    const { ref, stamp } = await makeRunning()
    const { node } = await find(ref)
    const target = await otherThan(node)
    const move = (...order: Parameters<ReturnType<typeof api>['move']>) =>
      kindOf(
        api()
          .move(...order)
          .then(follow)
      )
    assert.equal(await move(ref, stamp, target), 'invalid')
    assert.equal(await move(ref, 'other', target), 'already_exists')
    assert.equal(await move(UNKNOWN, stamp, target), 'not_found')
    await follow(await api().move(ref, stamp, node!))
    await follow(await driver().instances.power(ref, 'force_stop'))
    assert.equal(await move(ref, stamp, UNKNOWN), 'not_found')
    assert.deepInclude(await find(ref), { node, power: 'stopped' })
  }).skip(without, NONE)

  test('one that was never started is moved, and a move that is forgotten is judged by where it is', async ({
    assert,
  }) => {
    const { ref, stamp } = await make()
    const { node } = await find(ref)
    const target = await otherThan(node)
    await follow(await api().move(ref, stamp, target))
    assert.deepInclude(await find(ref), { node: target, power: 'stopped' })
    const judge = (where: string) =>
      driver().poll({ id: unknownTaskId, ref, wanted: { is: 'moved', node: where } })
    assert.deepEqual(await judge(target), { state: 'succeeded' })
    assert.deepInclude(await judge(node!), { state: 'failed', kind: 'task_lost' })
    await follow(await driver().instances.power(ref, 'start'))
    assert.equal((await find(ref)).power, 'running')
  }).skip(without, NONE)
}
