import { test } from '@japa/runner'
import type { ComputeDriver, Facet, RemoteInstance, RemoteTask } from '#drivers/contract'
import { eventually, kindOf, type ClusterUnderTest, type Make } from '#tests/drivers/conformance'

type Given = {
  cluster: ClusterUnderTest
  driver(): ComputeDriver
  make: Make
  makeRunning: Make
  follow(task: RemoteTask): Promise<void>
  find(ref: string): Promise<RemoteInstance>
  hasNot(facet: Facet): Promise<boolean>
}

const UNKNOWN_REF = 'conformance-nobody'
const [THEN, NOW] = ['canary-Pass.of.then_7', 'canary-Pass.of.now_8']

/** What a driver with snapshots promises. */
export function snapshotFacts({ cluster, driver, make, makeRunning, follow, find, hasNot }: Given) {
  const api = () => driver().snapshots!
  const without = () => hasNot('snapshots')
  const NONE = 'no snapshots facet'
  const namesOf = async (ref: string) => (await api().list(ref)).map(({ name }) => name)

  test('snapshots are listed oldest first; each is made once and removed once', async ({
    assert,
  }) => {
    const { ref } = await make()
    assert.deepEqual(await api().list(ref), [])
    await follow(await api().create(ref, 'sn-one'))
    await follow(await api().create(ref, 'sn-one'))
    await follow(await api().create(ref, 'sn-two'))
    assert.deepEqual(await namesOf(ref), ['sn-one', 'sn-two'])
    const [first] = await api().list(ref)
    assert.isBelow(Math.abs(Date.parse(first!.createdAt!) - Date.now()), 60_000)
    await follow(await api().remove(ref, 'sn-one'))
    await follow(await api().remove(ref, 'sn-one'))
    assert.deepEqual(await namesOf(ref), ['sn-two'])

    const forgotten = (wanted: RemoteTask['wanted']) =>
      driver().poll({ id: cluster.unknownTaskId, ref, wanted })
    const { state, kind } = (await forgotten({ is: 'snapshotted', snapshot: 'sn-one' })) as {
      state: string
      kind?: string
    }
    assert.deepEqual({ state, kind }, { state: 'failed', kind: 'task_lost' })
    for (const [is, snapshot] of [
      ['snapshotted', 'sn-two'],
      ['unsnapshotted', 'sn-one'],
    ] as const) {
      assert.deepEqual(await forgotten({ is, snapshot }), { state: 'succeeded' })
    }
  }).skip(without, NONE)

  test('where the cluster knows it, a state stands below the one it came of', async ({
    assert,
  }) => {
    const { ref } = await make()
    for (const name of ['sn-one', 'sn-two']) await follow(await api().create(ref, name, '昨天'))
    await follow(await api().restore(ref, 'sn-one'))
    await follow(await api().create(ref, 'sn-other'))
    assert.deepEqual(await api().tree!(ref), {
      parents: { 'sn-one': null, 'sn-two': 'sn-one', 'sn-other': 'sn-one' },
      now: 'sn-other',
    })
    assert.equal(await kindOf(api().tree!(UNKNOWN_REF)), 'not_found')
  }).skip(async () => (await without()) || !driver().snapshots!.tree, 'snapshots stand in no tree')

  test('a restored disk is as it was then; the guest runs again, and takes today’s limits', async ({
    assert,
  }) => {
    const { ref, size } = await makeRunning()
    await driver().credentials!.setRootPassword(ref, THEN)
    await follow(await api().create(ref, 'sn-then'))
    await driver().credentials!.setRootPassword(ref, NOW)
    const larger = { ...size, memoryMib: size.memoryMib * 2 }
    await follow(await driver().instances.resize(ref, larger))
    await follow(await api().restore(ref, 'sn-then'))
    await follow(await driver().instances.resize(ref, larger))
    const restored = await eventually(
      () => find(ref),
      ({ power, addresses }) => power === 'running' && addresses.length > 0
    )
    assert.equal(restored.power, 'running')
    assert.deepEqual(restored.size, larger)
    assert.isTrue(await cluster.isRootPassword(restored, THEN))
    assert.isFalse(await cluster.isRootPassword(restored, NOW))
    assert.deepEqual(await namesOf(ref), ['sn-then'])
  }).skip(async () => (await without()) || (await hasNot('credentials')), NONE)

  test('what is not there is not_found, and its removal succeeds', async ({ assert }) => {
    const { ref } = await make()
    assert.equal(await kindOf(api().list(UNKNOWN_REF)), 'not_found')
    assert.equal(await kindOf(api().create(UNKNOWN_REF, 'sn-one')), 'not_found')
    assert.equal(await kindOf(api().restore(UNKNOWN_REF, 'sn-one')), 'not_found')
    assert.equal(await kindOf(api().restore(ref, 'sn-none')), 'not_found')
    await follow(await api().remove(UNKNOWN_REF, 'sn-one'))
    await follow(await api().remove(ref, 'sn-none'))
    for (const name of ['', '..', 'a/b', 'a b', '-x']) {
      assert.equal(await kindOf(api().create(ref, name)), 'invalid', name)
    }
  }).skip(without, NONE)
}
