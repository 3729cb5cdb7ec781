import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Readable } from 'node:stream'
import { FSDriver } from 'flydrive/drivers/fs'
import type { ArchiveDriver } from '#services/archive_drivers/contract'

/** A folder that web and worker processes share. */
export default class LocalArchives extends FSDriver implements ArchiveDriver {
  async openFrom(key: string, first: number): Promise<Readable> {
    const { location } = this.options
    const folder = typeof location === 'string' ? location : fileURLToPath(location)
    const file = await open(resolve(folder, key))
    return file.createReadStream({ start: first })
  }
}
