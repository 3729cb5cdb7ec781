import { test } from '@japa/runner'
import { newUid } from '#models/concerns/uid'

test.group('newUid', () => {
  test('starts with its prefix and never repeats', ({ assert }) => {
    const uids = Array.from({ length: 10_000 }, () => newUid('i'))
    assert.lengthOf(new Set(uids), uids.length)
    assert.isTrue(uids.every((uid) => /^i[a-z2-9]{14}$/.test(uid)))
  })
})
