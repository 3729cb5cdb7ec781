import type { Readable } from 'node:stream'
import type { DriverContract } from '@adonisjs/drive/types'

/** Where archives lie. A write that fails, or a process that is killed over it, leaves nothing that `delete` misses. */
export interface ArchiveDriver extends DriverContract {
  /** From the byte `first` on, to the end. */
  openFrom(key: string, first: number): Promise<Readable>
}
