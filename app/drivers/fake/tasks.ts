import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PollOptions, RemoteTask, Size, TaskStatus, WantedState } from '#drivers/contract'
import type { DriverErrorKind } from '#drivers/errors'
import { takeFault, toError } from '#drivers/fake/faults'
import type { FakeFile } from '#drivers/fake/file'
import { findRow, isFulfilled, type InstanceRow } from '#drivers/fake/instance'
import {
  dropArchive,
  dropSnapshot,
  isAboutCopy,
  isCopyAsWanted,
  packDisk,
  restoreDisk,
  takeSnapshot,
} from '#drivers/fake/copy'
import type { FakeOptions } from '#drivers/fake/options'

export type Deed =
  | 'create'
  | 'start'
  | 'stop'
  | 'force_stop'
  | 'restart'
  | 'resize'
  | 'destroy'
  | 'snapshot'
  | 'restore'
  | 'remove_snapshot'
  | 'pack'
  | 'discard'
  | 'unpack'
  | 'move'

type TaskRow = {
  id: string
  ref: string
  deed: Deed
  size: string | null
  snapshot: string | null
  node: string | null
  begun_at: number
  ends_at: number
  state: 'running' | 'succeeded' | 'failed'
  forgotten: number
  fails_as: DriverErrorKind | null
  reason: string | null
}

type Failure = { kind: DriverErrorKind; reason: string }

const SUCCEEDED: TaskStatus = { state: 'succeeded' }

/**
 * Work that takes time without anybody doing it: a task is a row that says when it ends, and whoever looks
 * next, in whatever process, lets it have happened. So it survives every restart.
 */
export class FakeTasks {
  constructor(private readonly cluster: { file: FakeFile; options: FakeOptions }) {}

  async poll(task: RemoteTask, { waitMs = 0 }: PollOptions = {}): Promise<TaskStatus> {
    if (task.id === null) return SUCCEEDED
    const known = this.find(task.id)
    const leftMs = known?.state === 'running' ? known.ends_at - Date.now() : 0
    if (leftMs > 0 && waitMs > 0) await sleep(Math.min(leftMs, waitMs))
    this.catchUp()
    return this.status(task)
  }

  /** Lets everything happen whose time has come. */
  catchUp(): void {
    const due = () =>
      this.cluster.file.all<TaskRow>(
        "SELECT * FROM tasks WHERE state = 'running' AND ends_at <= ? ORDER BY ends_at",
        Date.now()
      )
    if (due().length === 0) return
    this.cluster.file.transaction(() => due().forEach((task) => this.finish(task)))
  }

  runningOn(ref: string): TaskRow | null {
    const sql = "SELECT * FROM tasks WHERE ref = ? AND state = 'running' LIMIT 1"
    return this.cluster.file.get<TaskRow>(sql, ref) ?? null
  }

  begin(
    deed: Deed,
    ref: string,
    wanted: WantedState,
    {
      durationMs,
      size,
      snapshot,
      node,
      failure,
    }: {
      durationMs: number
      size?: Size
      snapshot?: string
      node?: string
      failure?: Failure | null
    }
  ): RemoteTask {
    const now = Date.now()
    const fault = takeFault(this.cluster.file, deed, 'fail', ref)
    const error = fault && toError(fault, 'task_failed')
    const told = error ? { kind: error.kind, reason: error.message } : failure
    const isForgotten = takeFault(this.cluster.file, deed, 'forget', ref) !== null
    const id = randomUUID()
    this.cluster.file.run(
      `INSERT INTO tasks (id, ref, deed, size, snapshot, node, begun_at, ends_at, state, forgotten,
         fails_as, reason)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'running', ?, ?, ?)`,
      id,
      ref,
      deed,
      size ? JSON.stringify(size) : null,
      snapshot ?? null,
      node ?? null,
      now,
      now + durationMs,
      Number(isForgotten),
      told?.kind ?? null,
      told?.reason ?? null
    )
    this.cluster.file.run(
      "DELETE FROM tasks WHERE state <> 'running' AND ends_at < ?",
      now - this.cluster.options.keepTasksMs
    )
    return { id, ref, wanted }
  }

  /** What goes on with an instance gives way to something stronger. */
  supersede({ id }: TaskRow): void {
    this.cluster.file.run(
      "UPDATE tasks SET state = 'failed', fails_as = 'task_failed', reason = 'superseded' WHERE id = ?",
      id
    )
  }

  private status(task: RemoteTask): TaskStatus {
    const row = this.find(task.id!)
    if (!row || row.forgotten) return this.judge(task)
    switch (row.state) {
      case 'succeeded':
        return SUCCEEDED
      case 'failed':
        return { state: 'failed', kind: row.fails_as!, reason: row.reason! }
      case 'running':
        return { state: 'running', percent: percentOf(row) }
    }
  }

  private judge({ ref, wanted }: RemoteTask): TaskStatus {
    if (this.runningOn(ref)) return { state: 'running' }
    const { file } = this.cluster
    const isDone = isAboutCopy(wanted)
      ? isCopyAsWanted(file, ref, wanted)
      : isFulfilled(wanted, findRow(file, ref))
    if (isDone) return SUCCEEDED
    return {
      state: 'failed',
      kind: 'task_lost',
      reason: 'the cluster forgot the task and left it undone',
    }
  }

  private restore(row: InstanceRow, { snapshot, ends_at: endsAt }: TaskRow): void {
    const { file } = this.cluster
    const size = restoreDisk(file, row.ref, snapshot!)
    if (size) resizeInstance(file, row, size)
    // A guest that ran was stopped for it, and started again.
    if (row.power !== 'running') return
    file.run('UPDATE instances SET started_at = ? WHERE ref = ?', endsAt, row.ref)
  }

  private find(id: string): TaskRow | undefined {
    return this.cluster.file.get<TaskRow>('SELECT * FROM tasks WHERE id = ?', id)
  }

  private finish(task: TaskRow): void {
    const row = findRow(this.cluster.file, task.ref)
    const failure = task.fails_as !== null
    this.cluster.file.run(
      'UPDATE tasks SET state = ? WHERE id = ?',
      failure ? 'failed' : 'succeeded',
      task.id
    )
    if (!row) return
    if (!failure) this.apply(task, row)
    else if (task.deed === 'create' || task.deed === 'unpack')
      removeInstance(this.cluster.file, row)
  }

  private apply(task: TaskRow, row: InstanceRow): void {
    const { file } = this.cluster
    switch (task.deed) {
      case 'create':
        file.run('UPDATE instances SET made = 1 WHERE ref = ?', row.ref)
        return
      case 'start':
      case 'restart':
        file.run(
          "UPDATE instances SET power = 'running', started_at = ? WHERE ref = ?",
          task.ends_at,
          row.ref
        )
        return
      case 'stop':
      case 'force_stop':
        file.run("UPDATE instances SET power = 'stopped', started_at = NULL WHERE ref = ?", row.ref)
        return
      case 'resize':
        resizeInstance(file, row, JSON.parse(task.size!) as Size)
        return
      case 'destroy':
        removeInstance(file, row)
        return
      case 'snapshot':
        takeSnapshot(file, row, task.snapshot!, task.ends_at)
        return
      case 'restore':
        this.restore(row, task)
        return
      case 'remove_snapshot':
        dropSnapshot(file, row.ref, task.snapshot!)
        return
      case 'pack':
        packDisk(file, row, task.snapshot!)
        return
      case 'discard':
        dropArchive(file, row.ref, task.snapshot!)
        return
      case 'unpack':
        file.run('UPDATE instances SET made = 1 WHERE ref = ?', row.ref)
        return
      case 'move':
        moveInstance(file, row, task.node!)
    }
  }
}

export function removeInstance(file: FakeFile, row: InstanceRow): void {
  file.run('DELETE FROM instances WHERE ref = ?', row.ref)
  file.run('DELETE FROM leases WHERE ref = ?', row.ref)
  file.run('DELETE FROM snapshots WHERE ref = ?', row.ref)
  file.run('DELETE FROM archives WHERE ref = ?', row.ref)
  addLoad(file, row.node, -row.memory_mib, -row.disk_gib)
}

/** What a node has sold is counted along, for a sum over all instances would cost with their number. */
export function addLoad(file: FakeFile, node: string, memoryMib: number, diskGib: number): void {
  file.run(
    'UPDATE nodes SET memory_used_mib = memory_used_mib + ?, disk_used_gib = disk_used_gib + ? WHERE name = ?',
    memoryMib,
    diskGib,
    node
  )
}

function resizeInstance(file: FakeFile, row: InstanceRow, size: Size): void {
  file.run(
    `UPDATE instances SET cpus = ?, memory_mib = ?, disk_gib = ?, ingress_mbps = ?, egress_mbps = ?
     WHERE ref = ?`,
    size.cpus,
    size.memoryMib,
    size.diskGib,
    size.ingressMbps,
    size.egressMbps,
    row.ref
  )
  addLoad(file, row.node, size.memoryMib - row.memory_mib, size.diskGib - row.disk_gib)
}

function moveInstance(file: FakeFile, row: InstanceRow, node: string): void {
  file.run('UPDATE instances SET node = ? WHERE ref = ?', node, row.ref)
  addLoad(file, row.node, -row.memory_mib, -row.disk_gib)
  addLoad(file, node, row.memory_mib, row.disk_gib)
}

function percentOf({ begun_at: begun, ends_at: ends }: TaskRow): number {
  const part = (Date.now() - begun) / Math.max(1, ends - begun)
  return Math.max(0, Math.min(99, Math.floor(part * 100)))
}
