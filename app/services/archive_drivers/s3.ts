import type { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import type { WriteOptions } from '@adonisjs/drive/types'
import { S3Driver } from 'flydrive/drivers/s3'
import type { ArchiveDriver } from '#services/archive_drivers/contract'

export type S3ArchivesOptions = S3ClientConfig & { bucket: string }

/** A store takes so many parts of one object, and none but the last may be under 5 MiB. */
const MOST_PARTS = 10_000
const PART_BYTES = 16 * 1024 ** 2
/** A part is held in memory while it is sent, so that it can be sent again; the next is read meanwhile. */
const PARTS_AT_ONCE = 2

/** A bucket of any store that speaks S3. What is longer than a part goes there part by part. */
export default class S3Archives extends S3Driver implements ArchiveDriver {
  private readonly client: S3Client
  private readonly bucketName: string

  constructor({ bucket, ...settings }: S3ArchivesOptions) {
    const client = new S3Client(settings)
    super({ client, bucket, visibility: 'private', supportsACL: false })
    this.client = client
    this.bucketName = bucket
  }

  /** The object is there when all of it is, or not at all. */
  override async putStream(key: string, contents: Readable, options?: WriteOptions): Promise<void> {
    await this.abandonUploads(key)
    const sizeBytes = options?.contentLength ?? 0
    const upload = new Upload({
      client: this.client,
      params: {
        Bucket: this.bucketName,
        Key: key,
        Body: contents,
        ContentType: 'application/gzip',
      },
      partSize: Math.max(PART_BYTES, Math.ceil(sizeBytes / MOST_PARTS)),
      queueSize: PARTS_AT_ONCE,
    })
    await upload.done()
  }

  override async delete(key: string): Promise<void> {
    await this.abandonUploads(key)
    await super.delete(key)
  }

  async openFrom(key: string, first: number): Promise<Readable> {
    const Range = first > 0 ? `bytes=${first}-` : undefined
    const wish = new GetObjectCommand({ Bucket: this.bucketName, Key: key, Range })
    const { Body } = await this.client.send(wish)
    return Body as Readable
  }

  /** What was sent by somebody who was killed over it: no list of objects shows it, and it costs. */
  private async abandonUploads(key: string): Promise<void> {
    const Bucket = this.bucketName
    const begun = await this.client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: key }))
    for (const { Key, UploadId } of begun.Uploads ?? []) {
      if (Key !== key) continue
      await this.client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }))
    }
  }
}
