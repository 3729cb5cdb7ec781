import { test } from '@japa/runner'
import type Snapshot from '#models/snapshot'
import { grown } from '#transformers/snapshot_tree'

/** Newest first, as a list has them. */
const snapshots = (...uids: string[]) => uids.map((uid) => ({ uid }) as Snapshot)
const drawn = (...given: Parameters<typeof grown>) =>
  grown(...given).map(
    ({ snapshot, depth, isNow }) => `${depth} ${snapshot.uid}${isNow ? ' *' : ''}`
  )

test.group('A tree of snapshots', () => {
  test('each stands below the one that it came of, the oldest first', ({ assert }) => {
    const parents = { one: null, two: 'one', three: 'two', other: 'one' }
    assert.deepEqual(drawn(snapshots('other', 'three', 'two', 'one'), { parents, now: 'other' }), [
      '0 one',
      '1 two',
      '2 three',
      '1 other *',
    ])
  })

  test('one that was made by hand is passed over, and none is lost', ({ assert }) => {
    const parents = { one: null, byhand: 'one', two: 'byhand', stray: 'gone' }
    assert.deepEqual(drawn(snapshots('new', 'stray', 'two', 'one'), { parents, now: null }), [
      '0 one',
      '1 two',
      '0 stray',
      '0 new',
    ])
  })

  test('without a tree they stand as they are', ({ assert }) => {
    assert.deepEqual(drawn(snapshots('two', 'one'), null), ['0 two', '0 one'])
  })

  test('what leads back to itself ends', ({ assert }) => {
    const parents = { one: 'x', x: 'y', y: 'x' }
    assert.deepEqual(drawn(snapshots('one'), { parents, now: null }), ['0 one'])
    const round = { one: 'two', two: 'one' }
    const both = snapshots('two', 'one')
    assert.deepEqual(drawn(both, { parents: round, now: null }), ['0 two', '0 one'])
  })
})
