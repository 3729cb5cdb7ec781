import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import drive from '@adonisjs/drive/services/main'
import { archivePartBytes } from '#config/backups'
import { BackupBroken } from '#exceptions/domain_error'

export type StoreName = 'local' | 's3'

export type StoredArchive = { sizeBytes: number; sha256: string; parts: number }

/** Where a stored archive lies. */
export type ArchivePlace = { store: StoreName; key: string; parts: number }

export type StoreOptions = {
  signal?: AbortSignal
  onProgress?(percent: number): void
  partBytes?: number
}

/**
 * Writes an archive as it comes, in as many parts as the store needs, and measures it on its way. Written twice under
 * one key, the second is what is there.
 */
export async function storeArchive(
  store: StoreName,
  key: string,
  archive: { stream: Readable; sizeBytes: number },
  { signal, onProgress, partBytes = archivePartBytes }: StoreOptions = {}
): Promise<StoredArchive> {
  const source = new Measured(archive.stream, archive.sizeBytes, signal, onProgress)
  const parts = Math.max(1, Math.ceil(archive.sizeBytes / partBytes))
  try {
    for (let part = 0; part < parts; part++) {
      const contentLength = Math.min(partBytes, archive.sizeBytes - part * partBytes)
      const content = Readable.from(source.take(contentLength), { objectMode: false })
      await drive.use(store).putStream(partKey(key, part), content, { contentLength })
    }
    await source.requireEnd()
  } finally {
    archive.stream.destroy()
  }
  return { sizeBytes: source.readBytes, sha256: source.digest(), parts }
}

/** The archive in one piece; not yet begun, so that whoever takes it decides when. */
export function readArchive({ store, key, parts }: ArchivePlace): Readable {
  return Readable.from(piecesOf({ store, key, parts }), { objectMode: false })
}

/** The same, but the last piece is only handed over when all of it was what was stored. @throws BackupBroken */
export function readWholeArchive(place: ArchivePlace, sha256: string): Readable {
  return Readable.from(verified(place, sha256), { objectMode: false })
}

/** Gone already: succeeds. */
export async function removeArchive({ store, key, parts }: ArchivePlace): Promise<void> {
  for (let part = 0; part < parts; part++) await drive.use(store).delete(partKey(key, part))
}

async function* piecesOf({ store, key, parts }: ArchivePlace): AsyncGenerator<Buffer> {
  for (let part = 0; part < parts; part++) {
    yield* await drive.use(store).getStream(partKey(key, part))
  }
}

async function* verified(place: ArchivePlace, sha256: string): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  let held: Buffer | null = null
  for await (const piece of piecesOf(place)) {
    hash.update(piece)
    if (held) yield held
    held = piece
  }
  if (hash.digest('hex') !== sha256) throw new BackupBroken()
  if (held) yield held
}

/** One stream that is taken in pieces of a given length, each byte counted and digested once. */
class Measured {
  readBytes = 0
  private readonly hash = createHash('sha256')
  private readonly pieces: AsyncIterator<Buffer>
  private rest: Buffer = Buffer.alloc(0)

  constructor(
    stream: Readable,
    private readonly sizeBytes: number,
    private readonly signal?: AbortSignal,
    private readonly onProgress?: (percent: number) => void
  ) {
    this.pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  }

  async *take(length: number): AsyncGenerator<Buffer> {
    let left = length
    while (left > 0) {
      this.signal?.throwIfAborted()
      if (this.rest.length === 0) {
        const { value, done } = await this.pieces.next()
        if (done) throw new Error(`the archive ended ${left} bytes too early`)
        this.rest = value
      }
      const piece = this.rest.subarray(0, left)
      this.rest = this.rest.subarray(piece.length)
      left -= piece.length
      this.readBytes += piece.length
      this.hash.update(piece)
      this.onProgress?.(Math.floor((this.readBytes / this.sizeBytes) * 100))
      yield piece
    }
  }

  async requireEnd(): Promise<void> {
    const { done } = await this.pieces.next()
    if (!done || this.rest.length > 0) throw new Error('the archive is longer than was told')
  }

  digest(): string {
    return this.hash.digest('hex')
  }
}

/** The first part has the bare name, so that an archive of one part is one file. */
const partKey = (key: string, part: number): string => (part === 0 ? key : `${key}.part-${part}`)
