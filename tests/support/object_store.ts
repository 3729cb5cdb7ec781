import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Group } from '@japa/runner/core'
import app from '@adonisjs/core/services/app'
import drive from '@adonisjs/drive/services/main'
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3'
import S3Archives, { type S3ArchivesOptions } from '#services/archive_drivers/s3'

/** Not whichever comes first: the one that Debian's packages are for. */
const PYTHON = '/usr/bin/python3'
const SWIFT = '/usr/lib/python3/dist-packages/swift'
const KEY = 'portico:backups'
const SECRET = 'the-secret-of-the-store'

/** null where it can be started. */
export const NO_OBJECT_STORE = existsSync(SWIFT) ? null : 'needs python3-swift'

/** A real store that speaks S3: OpenStack Swift, alone with its data, behind a wire that can be cut. */
export class ObjectStore {
  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcessWithoutNullStreams,
    private readonly lines: AsyncIterator<string>,
    readonly wire: Wire,
    private readonly direct: S3Client,
    readonly bucket: string
  ) {}

  static async start(): Promise<ObjectStore> {
    mkdirSync(app.tmpPath(), { recursive: true })
    const folder = mkdtempSync(app.tmpPath('swift-'))
    const serve = app.makePath('tests/labs/s3/serve.py')
    const child = spawn(PYTHON, [serve, folder, KEY, SECRET])
    process.once('exit', () => child.kill())
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const { value } = await lines.next()
    const port = Number(/^listening (\d+)$/.exec(String(value))![1])
    const wire = await Wire.to(port)
    const bucket = 'portico-backups'
    const direct = new S3Client(clientSettings(port))
    await direct.send(new CreateBucketCommand({ Bucket: bucket }))
    return new ObjectStore(folder, child, lines, wire, direct, bucket)
  }

  /** How Portico reaches it: over the wire, and impatient. */
  settings(secretAccessKey = SECRET): S3ArchivesOptions {
    return {
      ...clientSettings(this.wire.port, secretAccessKey),
      bucket: this.bucket,
      maxAttempts: 2,
      requestHandler: { connectionTimeout: 1_000, socketTimeout: 1_500 },
    }
  }

  /** Everything in the bucket, by its name and size. */
  async objects(): Promise<Record<string, number>> {
    const { Contents } = await this.direct.send(new ListObjectsV2Command({ Bucket: this.bucket }))
    return Object.fromEntries((Contents ?? []).map(({ Key, Size }) => [Key!, Size!]))
  }

  async empty(): Promise<void> {
    for (const Key of Object.keys(await this.objects())) {
      await this.direct.send(new DeleteObjectCommand({ Bucket: this.bucket, Key }))
    }
  }

  /** Names of what was begun and neither ended nor given up. */
  async unfinished(): Promise<string[]> {
    const wish = new ListMultipartUploadsCommand({ Bucket: this.bucket })
    const { Uploads } = await this.direct.send(wish)
    return (Uploads ?? []).map(({ Key }) => Key!)
  }

  /** Whether its disk has room. */
  async room(has: boolean): Promise<void> {
    this.child.stdin.write(has ? 'room\n' : 'full\n')
    await this.lines.next()
  }

  async stop(): Promise<void> {
    await this.wire.close()
    this.direct.destroy()
    const ended = once(this.child, 'exit')
    this.child.kill()
    await ended
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/**
 * To the code that stores, `local` is the name of the store that is set up: in the tests of this group there is the S3
 * driver behind it, and this store behind that.
 */
export function behindDrive(group: Group): () => ObjectStore {
  const disk = drive.use('local')
  const folder = disk.driver
  let store: ObjectStore
  group.setup(async () => {
    store = await ObjectStore.start()
    return async () => {
      disk.driver = folder
      await store.stop()
    }
  })
  group.each.setup(async () => {
    await store.wire.reopen()
    await store.empty()
    disk.driver = new S3Archives(store.settings())
  })
  return () => store
}

const clientSettings = (port: number, secretAccessKey = SECRET) => ({
  endpoint: `http://127.0.0.1:${port}`,
  forcePathStyle: true,
  region: 'us-east-1',
  credentials: { accessKeyId: KEY, secretAccessKey },
  requestChecksumCalculation: 'WHEN_REQUIRED' as const,
  responseChecksumValidation: 'WHEN_REQUIRED' as const,
})

type Way = 'there' | 'back'

/** A connection to the store, of which one may cut the next so many bytes on their way, or hold everything. */
export class Wire {
  /** Bytes that went to the store. */
  sent = 0
  private cuts: { way: Way; after: number } | null = null
  private isHeld = false
  private closedAt: number | null = null
  private readonly sockets = new Set<Socket>()

  private constructor(
    private readonly server: Server,
    private readonly target: number
  ) {}

  static async to(target: number): Promise<Wire> {
    const server = createServer()
    const wire = new Wire(server, target)
    server.on('connection', (client) => wire.join(client))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return wire
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  /** Once: the connection on which that byte would come is reset. */
  cutOnce(way: Way, after: number): void {
    this.cuts = { way, after }
  }

  /** It takes what comes, hands nothing on and says nothing. */
  hold(isHeld: boolean): void {
    this.isHeld = isHeld
    if (!isHeld) for (const socket of this.sockets) socket.destroy()
  }

  /** Nobody answers there until it is opened again. */
  async close(): Promise<void> {
    const { port } = this
    this.server.close()
    for (const socket of this.sockets) socket.destroy()
    this.closedAt = port
  }

  async reopen(): Promise<void> {
    if (this.closedAt === null) return
    this.server.listen(this.closedAt, '127.0.0.1')
    this.closedAt = null
    await once(this.server, 'listening')
  }

  private join(client: Socket): void {
    const store = connect(this.target, '127.0.0.1')
    for (const socket of [client, store]) {
      this.sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        this.sockets.delete(socket)
        client.destroy()
        store.destroy()
      })
    }
    this.pass('there', client, store)
    this.pass('back', store, client)
  }

  private pass(way: Way, from: Socket, to: Socket): void {
    from.on('data', (piece: Buffer) => {
      if (this.isHeld) {
        from.pause()
        return
      }
      if (way === 'there') this.sent += piece.length
      if (this.cuts?.way === way) {
        this.cuts.after -= piece.length
        if (this.cuts.after <= 0) {
          this.cuts = null
          from.resetAndDestroy()
          to.resetAndDestroy()
          return
        }
      }
      if (to.write(piece)) return
      from.pause()
      to.once('drain', () => from.resume())
    })
  }
}
