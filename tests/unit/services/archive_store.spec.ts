import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { test } from '@japa/runner'
import drive from '@adonisjs/drive/services/main'
import { DriverError } from '#drivers/errors'
import { storeFailure } from '#services/archive_failure'
import {
  readArchive,
  readWholeArchive,
  removeArchive,
  storeArchive,
  type ArchivePlace,
} from '#services/archive_store'

const bytes = randomBytes(100_000)
/** As a socket hands it over. */
const archive = () => ({
  stream: Readable.from([
    bytes.subarray(0, 33_333),
    bytes.subarray(33_333, 70_001),
    bytes.subarray(70_001),
  ]),
  sizeBytes: bytes.length,
})
const place = (): ArchivePlace => ({
  store: 'local',
  key: `test-${randomBytes(6).toString('hex')}.tar.gz`,
})

test.group('Archive store', () => {
  test('an archive comes back as it went, all of it or some', async ({ assert }) => {
    const there = place()
    const percents: number[] = []
    const stored = await storeArchive(there, archive(), {
      onProgress: (percent) => percents.push(percent),
    })
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    assert.deepEqual(stored, { sizeBytes: bytes.length, sha256 })
    assert.equal(percents.at(-1), 100)
    assert.isTrue(bytes.equals(await buffer(readWholeArchive(there, stored))))
    for (const [first, last] of [
      [0, 0],
      [70_000, 70_002],
      [99_999, 99_999],
    ] as const) {
      const some = await buffer(readArchive(there, { first, last }))
      assert.isTrue(bytes.subarray(first, last + 1).equals(some), `${first}-${last}`)
    }
    await removeArchive(there)
    await removeArchive(there)
    assert.isFalse(await drive.use('local').exists(there.key))
  })

  test('one that was changed in the store, cut there or lost is never handed on whole', async ({
    assert,
  }) => {
    const there = place()
    const stored = await storeArchive(there, archive())
    const read = () => buffer(readWholeArchive(there, stored))
    const cut = bytes.subarray(0, 99_999)
    await drive.use('local').put(there.key, Buffer.concat([cut, Buffer.from([0])]))
    await assert.rejects(read, 'E_BACKUP_BROKEN')
    await drive.use('local').put(there.key, cut)
    await assert.rejects(read, 'E_BACKUP_BROKEN')
    await removeArchive(there)
    await assert.rejects(read, 'E_BACKUP_BROKEN')
  })

  test('one that ends early, goes on or breaks off is asked for again, and is not the store’s fault', async ({
    assert,
  }) => {
    const store = async (stream: Readable, sizeBytes: number) => {
      const failure = await storeArchive(place(), { stream, sizeBytes }).catch((error) => error)
      assert.instanceOf(failure, DriverError)
      assert.isTrue(failure.retryable)
      return failure.message
    }
    assert.match(await store(Readable.from([bytes]), bytes.length + 1), /ended too early/)
    assert.match(await store(Readable.from([bytes]), bytes.length - 1), /longer than was told/)
    const breaking = async function* () {
      yield bytes
      throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
    }
    assert.match(await store(Readable.from(breaking()), bytes.length * 2), /broke off/)
  })

  test('one in a store that is set up no longer says so', async ({ assert }) => {
    const there = { store: 's3', key: 'left.tar.gz' } as const
    const range = { first: 0, last: 9 }
    await assert.rejects(() => removeArchive(there), 'E_STORE_REFUSED')
    await assert.rejects(() => buffer(readArchive(there, range)), 'E_STORE_REFUSED')
  })

  test('what a store says about itself is told in four words', ({ assert }) => {
    const said = (error: object) => storeFailure(Object.assign(new Error('said'), error)).code
    const status = (httpStatusCode: number) => ({ $metadata: { httpStatusCode } })
    assert.equal(said({ code: 'ENOSPC' }), 'E_STORE_FULL')
    assert.equal(said({ name: 'QuotaExceeded', ...status(403) }), 'E_STORE_FULL')
    assert.equal(said(status(507)), 'E_STORE_FULL')
    assert.equal(said({ name: 'AccessDenied', ...status(403) }), 'E_STORE_REFUSED')
    assert.equal(said({ name: 'NoSuchBucket', ...status(404) }), 'E_STORE_REFUSED')
    assert.equal(said({ code: 'EACCES' }), 'E_STORE_REFUSED')
    assert.equal(said({ name: 'NoSuchKey', ...status(404) }), 'E_BACKUP_BROKEN')
    assert.equal(said(status(503)), 'E_STORE_AWAY')
    assert.equal(said({ code: 'ECONNREFUSED' }), 'E_STORE_AWAY')
    const wrapped = new Error('cannot write', { cause: { ...new Error('inside') } })
    assert.equal(storeFailure(wrapped).code, 'E_STORE_AWAY')
  })
})
