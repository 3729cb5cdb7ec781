import type { RemoteSnapshot, RemoteTask, SnapshotApi, WantedState } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import type { FakeAnswers } from '#drivers/fake/answers'
import { findRow, isoTime, type InstanceRow } from '#drivers/fake/instance'
import { busy, over } from '#drivers/fake/instances'
import { findSnapshot, type SnapshotRow } from '#drivers/fake/copy'
import type { FakeTasks } from '#drivers/fake/tasks'

export class FakeSnapshots implements SnapshotApi {
  constructor(
    private readonly answers: FakeAnswers,
    private readonly tasks: FakeTasks
  ) {}

  list(ref: string): Promise<RemoteSnapshot[]> {
    return this.answers.give('snapshots', ref, ({ file }) => {
      this.rowOrFail(ref)
      return file
        .all<SnapshotRow>('SELECT * FROM snapshots WHERE ref = ? ORDER BY created_at, name', ref)
        .map(({ name, created_at: createdAt }) => ({ name, createdAt: isoTime(createdAt) }))
    })
  }

  create(ref: string, name: string): Promise<RemoteTask> {
    return this.begin('snapshot', ref, { is: 'snapshotted', snapshot: name }, () => {
      requireName(name)
      return findSnapshot(this.answers.file, ref, name) !== null
    })
  }

  restore(ref: string, name: string): Promise<RemoteTask> {
    return this.begin('restore', ref, { is: 'restored', snapshot: name }, () => {
      if (findSnapshot(this.answers.file, ref, name)) return false
      throw new DriverError('not_found', 'the instance has no such snapshot')
    })
  }

  remove(ref: string, name: string): Promise<RemoteTask> {
    return this.begin('remove_snapshot', ref, { is: 'unsnapshotted', snapshot: name }, () => {
      return findSnapshot(this.answers.file, ref, name) === null
    })
  }

  private begin(
    deed: 'snapshot' | 'restore' | 'remove_snapshot',
    ref: string,
    wanted: WantedState & { snapshot: string },
    isDone: () => boolean
  ): Promise<RemoteTask> {
    return this.answers.change(deed, ref, ({ options }) => {
      if (deed !== 'remove_snapshot') this.rowOrFail(ref)
      const running = this.tasks.runningOn(ref)
      if (running?.deed === deed && running.snapshot === wanted.snapshot) {
        return { id: running.id, ref, wanted }
      }
      if (isDone()) return over(ref, wanted)
      if (running) throw busy(running.deed)
      return this.tasks.begin(deed, ref, wanted, {
        durationMs: options.snapshotMs,
        snapshot: wanted.snapshot,
      })
    })
  }

  private rowOrFail(ref: string): InstanceRow {
    const row = findRow(this.answers.file, ref)
    if (row?.made) return row
    throw new DriverError('not_found', `there is no instance ${ref} on this cluster`)
  }
}

function requireName(name: string): void {
  if (/^[a-zA-Z0-9][\w.-]*$/.test(name)) return
  throw new DriverError('invalid', 'a snapshot is called by letters, digits, dots and hyphens')
}
