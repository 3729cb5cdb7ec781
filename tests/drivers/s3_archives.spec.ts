import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { test } from '@japa/runner'
import drive from '@adonisjs/drive/services/main'
import { CreateMultipartUploadCommand, S3Client, UploadPartCommand } from '@aws-sdk/client-s3'
import type { DomainError } from '#exceptions/domain_error'
import S3Archives from '#services/archive_drivers/s3'
import {
  readArchive,
  readWholeArchive,
  removeArchive,
  storeArchive,
  type ArchivePlace,
} from '#services/archive_store'
import { behindDrive, NO_OBJECT_STORE } from '#tests/support/object_store'

const MIB = 1024 ** 2
const block = randomBytes(MIB)

/** An archive of so many MiB that is made as it is read, and counts what was read of it. */
function archiveOf(mebibytes: number) {
  const archive = { read: 0, sizeBytes: mebibytes * MIB }
  const make = function* () {
    for (let made = 0; made < mebibytes; made++) {
      archive.read += MIB
      yield block
    }
  }
  return Object.assign(archive, { stream: Readable.from(make(), { objectMode: false }) })
}

function digestOf(mebibytes: number): string {
  const hash = createHash('sha256')
  for (let made = 0; made < mebibytes; made++) hash.update(block)
  return hash.digest('hex')
}

const place = (): ArchivePlace => ({
  store: 'local',
  key: `test-${randomBytes(6).toString('hex')}.tar.gz`,
})

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'nothing was wrong',
    (error: DomainError) => error.code
  )
}

/** The store of archives against a real one that speaks S3. */
test.group('Archives in a store that speaks S3', (group) => {
  if (NO_OBJECT_STORE) {
    test('are stored, read and removed').skip(true, NO_OBJECT_STORE)
    return
  }

  const store = behindDrive(group)
  const disk = drive.use('local')

  test('a large one goes there in parts and comes back, all of it or some', async ({ assert }) => {
    const there = place()
    const stored = await storeArchive(there, archiveOf(100))
    assert.deepEqual(stored, { sizeBytes: 100 * MIB, sha256: digestOf(100) })
    assert.equal((await store().objects())[there.key], 100 * MIB)
    const hash = createHash('sha256')
    for await (const piece of readWholeArchive(there, stored)) hash.update(piece)
    assert.equal(hash.digest('hex'), stored.sha256)
    const some = await buffer(readArchive(there, { first: 16 * MIB - 5, last: 16 * MIB + 4 }))
    assert.isTrue(Buffer.concat([block.subarray(-5), block.subarray(0, 5)]).equals(some))
    await removeArchive(there)
    await removeArchive(there)
    assert.isEmpty(await store().objects())
  }).timeout(120_000)

  test('no more of it is held than a few parts, however slow the store is', async ({ assert }) => {
    const there = place()
    const archive = archiveOf(300)
    store().wire.hold(true)
    const failure = codeOf(storeArchive(there, archive))
    assert.equal(await failure, 'E_STORE_AWAY')
    assert.isAtMost(archive.read, 64 * MIB)
    store().wire.hold(false)
    assert.isEmpty(await store().objects())
  }).timeout(60_000)

  test('a connection that breaks is begun again: up by the part, down by the byte', async ({
    assert,
  }) => {
    const there = place()
    store().wire.cutOnce('there', 20 * MIB)
    const stored = await storeArchive(there, archiveOf(40))
    assert.equal(stored.sha256, digestOf(40))
    store().wire.cutOnce('back', 10 * MIB)
    const hash = createHash('sha256')
    for await (const piece of readWholeArchive(there, stored)) hash.update(piece)
    assert.equal(hash.digest('hex'), stored.sha256)
    await removeArchive(there)
  }).timeout(60_000)

  test('one that the cluster cuts in the middle leaves nothing', async ({ assert }) => {
    const there = place()
    const { stream } = archiveOf(40)
    const failure = await storeArchive(there, { stream, sizeBytes: 50 * MIB }).catch(
      (error: Error) => error
    )
    assert.match((failure as Error).message, /ended too early/)
    assert.isEmpty(await store().objects())
    assert.isEmpty(await store().unfinished())
  }).timeout(60_000)

  test('what somebody left who was killed over it goes with the next try, or with its removal', async ({
    assert,
  }) => {
    const client = new S3Client(store().settings())
    const leave = async (Key: string) => {
      const Bucket = store().bucket
      const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }))
      const part = { Bucket, Key, UploadId, PartNumber: 1, Body: block }
      await client.send(new UploadPartCommand(part))
    }
    const [again, removed] = [place(), place()]
    await leave(again.key)
    await leave(removed.key)
    assert.sameMembers(await store().unfinished(), [again.key, removed.key])
    await storeArchive(again, archiveOf(1))
    await removeArchive(removed)
    assert.isEmpty(await store().unfinished())
    await removeArchive(again)
    client.destroy()
  })

  test('one that is away, has no room or refuses us says so, and keeps nothing of it', async ({
    assert,
  }) => {
    const there = place()
    const stored = await storeArchive(there, archiveOf(1))
    const [small, large] = [place(), place()]
    const write = (at: ArchivePlace, size: number) => codeOf(storeArchive(at, archiveOf(size)))
    const read = () => codeOf(buffer(readWholeArchive(there, stored)))

    await store().wire.close()
    assert.equal(await write(small, 1), 'E_STORE_AWAY')
    assert.equal(await read(), 'E_STORE_AWAY')
    assert.equal(await codeOf(removeArchive(there)), 'E_STORE_AWAY')
    await store().wire.reopen()

    await store().room(false)
    // Swift tells whoever asks for room it has none that it is busy.
    assert.equal(await write(small, 1), 'E_STORE_AWAY')
    assert.equal(await write(large, 40), 'E_STORE_AWAY')
    await store().room(true)

    disk.driver = new S3Archives(store().settings('another secret'))
    assert.equal(await write(small, 1), 'E_STORE_REFUSED')
    assert.equal(await read(), 'E_STORE_REFUSED')
    disk.driver = new S3Archives({ ...store().settings(), bucket: 'nobody-made-it' })
    assert.equal(await write(small, 1), 'E_STORE_REFUSED')

    disk.driver = new S3Archives(store().settings())
    assert.deepEqual(Object.keys(await store().objects()), [there.key])
    assert.isEmpty(await store().unfinished())
    await removeArchive(there)
    assert.equal(await read(), 'E_BACKUP_BROKEN')
  }).timeout(60_000)
})
