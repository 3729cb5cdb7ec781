import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { test } from '@japa/runner'
import drive from '@adonisjs/drive/services/main'
import {
  readArchive,
  readWholeArchive,
  removeArchive,
  storeArchive,
  type ArchivePlace,
} from '#services/archive_store'

const bytes = randomBytes(100_000)
/** As a socket hands it over: in pieces that fit no part. */
const archive = () => ({
  stream: Readable.from([
    bytes.subarray(0, 33_333),
    bytes.subarray(33_333, 70_001),
    bytes.subarray(70_001),
  ]),
  sizeBytes: bytes.length,
})
const keyOf = () => `test-${randomBytes(6).toString('hex')}.tar.gz`

test.group('Archive store', () => {
  test('an archive comes back as it went, whole or in parts', async ({ assert }) => {
    for (const partBytes of [1_000_000, 30_000]) {
      const key = keyOf()
      const percents: number[] = []
      const stored = await storeArchive('local', key, archive(), {
        partBytes,
        onProgress: (percent) => percents.push(percent),
      })
      assert.deepEqual(stored, {
        sizeBytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        parts: Math.ceil(bytes.length / partBytes),
      })
      assert.equal(percents.at(-1), 100)
      const place: ArchivePlace = { store: 'local', key, parts: stored.parts }
      assert.isTrue(bytes.equals(await buffer(readArchive(place))))
      assert.isTrue(bytes.equals(await buffer(readWholeArchive(place, stored.sha256))))
      await removeArchive(place)
      await removeArchive(place)
      assert.isFalse(await drive.use('local').exists(key))
    }
  })

  test('one that was changed in the store is never handed on whole', async ({ assert }) => {
    const key = keyOf()
    const { sha256, parts } = await storeArchive('local', key, archive())
    await drive.use('local').put(key, Buffer.concat([bytes.subarray(0, 99_999), Buffer.from([0])]))
    const place: ArchivePlace = { store: 'local', key, parts }
    await assert.rejects(() => buffer(readWholeArchive(place, sha256)), 'E_BACKUP_BROKEN')
    await removeArchive(place)
  })

  test('one that ends early, or goes on, is not taken for whole', async ({ assert }) => {
    const store = (sizeBytes: number) =>
      storeArchive('local', keyOf(), { stream: Readable.from([bytes]), sizeBytes })
    await assert.rejects(() => store(bytes.length + 1), /Cannot write file|too early/)
    await assert.rejects(() => store(bytes.length - 1), /longer than was told/)
  })
})
