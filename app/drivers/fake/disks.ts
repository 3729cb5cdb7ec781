import type { DisksApi, GuestDisk } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import type { FakeAnswers } from '#drivers/fake/answers'
import { findRow } from '#drivers/fake/instance'

const POOL = 'default'

/** Every guest has one, and nobody counts what is on it. */
export class FakeDisks implements DisksApi {
  constructor(private readonly answers: FakeAnswers) {}

  list(ref: string): Promise<GuestDisk[]> {
    return this.answers.give('disks', ref, ({ file }) => {
      const row = findRow(file, ref)
      if (!row) throw new DriverError('not_found', `there is no instance ${ref} on this cluster`)
      const size = { storagePool: POOL, sizeGib: row.disk_gib, usedBytes: null }
      return [{ name: 'root', path: '/', ...size }]
    })
  }
}
