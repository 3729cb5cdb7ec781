import type { ClusterTask, ClusterTaskType, TaskListApi } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import type { FakeAnswers } from '#drivers/fake/answers'
import type { Deed } from '#drivers/fake/tasks'

type Row = {
  id: string
  ref: string
  deed: Deed
  begun_at: number
  ends_at: number
  state: ClusterTask['state']
  reason: string | null
}

const TYPES: Record<Deed, ClusterTaskType> = {
  create: 'create',
  start: 'start',
  stop: 'stop',
  force_stop: 'stop',
  restart: 'restart',
  resize: 'resize',
  destroy: 'delete',
  snapshot: 'snapshot',
  restore: 'restore_snapshot',
  remove_snapshot: 'delete_snapshot',
  pack: 'backup',
  discard: 'other',
  unpack: 'restore',
  move: 'move',
}

/** The tasks of the file, as they are. */
export class FakeTaskList implements TaskListApi {
  constructor(private readonly answers: FakeAnswers) {}

  list(ref: string, { since, limit }: { since: string; limit: number }): Promise<ClusterTask[]> {
    return this.answers.give('tasks', ref, ({ file }) =>
      file
        .all<Row>(
          'SELECT * FROM tasks WHERE ref = ? AND begun_at >= ? ORDER BY begun_at DESC, ends_at DESC LIMIT ?',
          ref,
          Date.parse(since),
          limit
        )
        .map(taskOf)
    )
  }

  log(ref: string, id: string): Promise<string[]> {
    return this.answers.give('tasks', ref, ({ file }) => {
      const [row] = file.all<Row>('SELECT * FROM tasks WHERE ref = ? AND id = ?', ref, id)
      if (!row) throw new DriverError('not_found', 'the instance has no such task on the cluster')
      const ends = { running: [], succeeded: ['done'], failed: [`failed: ${row.reason}`] }
      return [`${row.deed} ${row.ref} for fake@portico`, ...ends[row.state]]
    })
  }
}

function taskOf({ id, deed, begun_at: begunAt, ends_at: endsAt, state, reason }: Row): ClusterTask {
  return {
    id,
    type: TYPES[deed],
    vendorType: deed,
    state,
    startedAt: new Date(begunAt).toISOString(),
    endedAt: state === 'running' ? null : new Date(endsAt).toISOString(),
    by: 'fake@portico',
    node: null,
    reason: state === 'failed' ? reason : null,
  }
}
