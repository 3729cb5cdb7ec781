import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import type { Disk } from '@adonisjs/drive'
import drive from '@adonisjs/drive/services/main'
import { hasS3Store } from '#config/backups'
import { DriverError } from '#drivers/errors'
import { BackupBroken, DomainError, StoreRefused } from '#exceptions/domain_error'
import type { ArchiveDriver } from '#services/archive_drivers/contract'
import { storeFailure } from '#services/archive_failure'

export type StoreName = 'local' | 's3'

export type StoredArchive = { sizeBytes: number; sha256: string }

/** Where a stored archive lies. */
export type ArchivePlace = { store: StoreName; key: string }

export type StoreOptions = {
  signal?: AbortSignal
  onProgress?(percent: number): void
}

/** Bytes of an archive, both counted from nought and both of it. */
export type ByteRange = { first: number; last: number }

/** So often in a row a store may break off without having handed over a single byte. */
const MOST_BREAKS = 3

/**
 * Writes an archive as it comes and measures it on its way. Written twice under one key, the second is what is there.
 * @throws StoreAway, StoreFull, StoreRefused when it is the store; DriverError when the archive breaks off
 */
export async function storeArchive(
  { store, key }: ArchivePlace,
  archive: { stream: Readable; sizeBytes: number },
  { signal, onProgress }: StoreOptions = {}
): Promise<StoredArchive> {
  const { sizeBytes } = archive
  const source = new Measured(archive.stream, sizeBytes, signal, onProgress)
  try {
    const content = Readable.from(source.pieces(), { objectMode: false })
    await diskOf(store).putStream(key, content, { contentLength: sizeBytes })
    return { sizeBytes, sha256: source.digest() }
  } catch (error) {
    throw source.failure ?? storeFailure(error)
  } finally {
    archive.stream.destroy()
  }
}

/** Some of an archive; not yet begun, so that whoever takes it decides when. */
export function readArchive(place: ArchivePlace, range: ByteRange): Readable {
  return Readable.from(piecesOf(place, range), { objectMode: false })
}

/** The same, begun: its store answers. @throws BackupBroken, StoreAway, StoreRefused */
export async function openArchive(place: ArchivePlace, range: ByteRange): Promise<Readable> {
  const stream = readArchive(place, range)
  await once(stream, 'readable')
  return stream
}

/** All of it, but the last piece is only handed over when all was what was stored. @throws BackupBroken */
export function readWholeArchive(
  place: ArchivePlace,
  { sizeBytes, sha256 }: StoredArchive
): Readable {
  const pieces = piecesOf(place, { first: 0, last: sizeBytes - 1 })
  return Readable.from(verified(pieces, sha256), { objectMode: false })
}

/** Gone already: succeeds. @throws StoreAway, StoreRefused */
export async function removeArchive({ store, key }: ArchivePlace): Promise<void> {
  await diskOf(store)
    .delete(key)
    .catch((error) => {
      throw storeFailure(error)
    })
}

/** @throws StoreRefused when an archive lies in a store whose settings were taken away since */
function diskOf(store: StoreName): Disk {
  if (store === 's3' && !hasS3Store) throw new StoreRefused()
  return drive.use(store)
}

/** A store that breaks off is asked for the rest. */
async function* piecesOf(
  { store, key }: ArchivePlace,
  { first, last }: ByteRange
): AsyncGenerator<Buffer> {
  const driver = diskOf(store).driver as ArchiveDriver
  let at = first
  for (let breaks = 0; at <= last;) {
    try {
      for await (const piece of await driver.openFrom(key, at)) {
        const wanted = (piece as Buffer).subarray(0, last - at + 1)
        at += wanted.length
        breaks = 0
        if (wanted.length > 0) yield wanted
        if (at > last) return
      }
      throw new BackupBroken()
    } catch (error) {
      const failure = storeFailure(error)
      breaks += 1
      if (!failure.retryable || breaks > MOST_BREAKS) throw failure
    }
  }
}

async function* verified(pieces: AsyncIterable<Buffer>, sha256: string): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  let held: Buffer | null = null
  for await (const piece of pieces) {
    hash.update(piece)
    if (held) yield held
    held = piece
  }
  if (hash.digest('hex') !== sha256) throw new BackupBroken()
  if (held) yield held
}

/** A stream that knows how long it is to be: each byte counted and digested once. */
class Measured {
  /** Why it broke off, when it did: then it was not the store. */
  failure: Error | null = null
  private readBytes = 0
  private readonly hash = createHash('sha256')

  constructor(
    private readonly stream: Readable,
    private readonly sizeBytes: number,
    private readonly signal?: AbortSignal,
    private readonly onProgress?: (percent: number) => void
  ) {}

  /** Whoever takes them may throw into it; that is the store's failure, not this one's. */
  async *pieces(): AsyncGenerator<Buffer> {
    const pieces = this.stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>
    for (;;) {
      const piece = await this.next(pieces)
      if (!piece) return
      yield piece
    }
  }

  digest(): string {
    return this.hash.digest('hex')
  }

  private async next(pieces: AsyncIterator<Buffer>): Promise<Buffer | null> {
    try {
      this.signal?.throwIfAborted()
      const { value, done } = await pieces.next()
      if (done && this.readBytes < this.sizeBytes) throw brokenOff('ended too early')
      if (done) return null
      this.readBytes += value.length
      if (this.readBytes > this.sizeBytes) throw brokenOff('is longer than was told')
      this.hash.update(value)
      this.onProgress?.(Math.floor((this.readBytes / this.sizeBytes) * 100))
      return value
    } catch (error) {
      this.failure = this.signal?.aborted ? (this.signal.reason as Error) : asDriverError(error)
      throw this.failure
    }
  }
}

const brokenOff = (how: string, cause?: unknown) =>
  new DriverError('unreachable', `the archive ${how}`, { cause })

function asDriverError(error: unknown): Error {
  if (error instanceof DriverError || error instanceof DomainError) return error
  return brokenOff('broke off', error)
}
