import type { PollOptions, RemoteTask, TaskStatus, WantedState } from '#drivers/contract'
import { list, record, text, type Json } from '#drivers/json'
import { at, type LxdClient, type LxdReply } from '#drivers/lxd/client'
import { explain } from '#drivers/lxd/errors'
import {
  furtherCards,
  isHalfMade,
  parseInstance,
  powerOf,
  retiredCards,
  sizeOfInstance,
  startedAt,
  type LxdInstance,
} from '#drivers/lxd/instance'
import { isSameSize } from '#drivers/sizes'

/** An LXD operation, as far as it concerns us. */
type LxdOperation =
  | { state: 'running'; percent?: number }
  | { state: 'succeeded' }
  | { state: 'failed'; said: string }

export type RunningTask = { id: string; description: string }

const SUCCEEDED: TaskStatus = { state: 'succeeded' }
/** LXD's words for what an operation does; there is no code for it. */
export const CREATING = 'Creating instance'
export const DELETING = 'Deleting instance'
export const MOVING = 'Migrating instance'
/** Answers may come this much later than the wait that was asked for. */
const GRACE_MS = 15_000

/** LXD's background operations: following them, and finding out what became of those it forgot. */
export class LxdTasks {
  constructor(private readonly client: LxdClient) {}

  async poll(task: RemoteTask, { waitMs = 0 }: PollOptions = {}): Promise<TaskStatus> {
    if (task.id === null) return SUCCEEDED
    const operation = await this.follow(task.id, waitMs)
    if (operation === null) return this.judge(task, waitMs, null)
    switch (operation.state) {
      case 'running':
        return operation
      case 'failed':
        return this.judge(task, waitMs, operation.said)
      case 'succeeded':
        return task.wanted.is === 'absent' ? this.judge(task, waitMs, null) : SUCCEEDED
    }
  }

  started(reply: LxdReply, ref: string, wanted: WantedState): RemoteTask {
    return { id: reply.operationId, ref, wanted }
  }

  over(ref: string, wanted: WantedState): RemoteTask {
    return { id: null, ref, wanted }
  }

  /** What changes this instance right now; consoles and commands that run in it do not count. */
  async runningOn(ref: string): Promise<RunningTask[]> {
    const { metadata } = await this.client.get(at('operations'), { query: { recursion: '1' } })
    const path = at('instances', ref)
    return list(record(metadata).running)
      .map(record)
      .filter(
        (operation) =>
          operation.class === 'task' &&
          list(record(operation.resources).instances).some(
            (instance) => String(instance).split('?')[0] === path
          )
      )
      .map((operation) => ({
        id: text(operation.id) ?? '',
        description: text(operation.description) ?? '',
      }))
  }

  /** null when there is none, or none any more. */
  async read(ref: string): Promise<LxdInstance | null> {
    const reply = await this.client.find(at('instances', ref))
    if (reply === null) await this.client.requireProject()
    return reply && parseInstance(reply.metadata)
  }

  async hasArchive(ref: string, name: string): Promise<boolean> {
    return (await this.client.find(at('instances', ref, 'backups', name))) !== null
  }

  async hasSnapshot(ref: string, name: string): Promise<boolean> {
    return (await this.client.find(at('instances', ref, 'snapshots', name))) !== null
  }

  /** The next thing to do until nothing is left of it: pull the plug, then remove. */
  async startRemoving(instance: LxdInstance): Promise<LxdReply> {
    const path = at('instances', instance.ref)
    if (instance.status === 'Stopped') return this.client.request('DELETE', path)
    return this.client.request('PUT', `${path}/state`, {
      body: { json: { action: 'stop', force: true, timeout: 60 } },
    })
  }

  /** null: LXD does not know it (any more). A failed operation is an answer, not an error. */
  private async follow(id: string, waitMs: number): Promise<LxdOperation | null> {
    const seconds = Math.floor(waitMs / 1_000)
    const path = at('operations', id)
    const reply =
      seconds > 0
        ? await this.client.find(`${path}/wait`, {
            query: { timeout: String(seconds) },
            timeoutMs: seconds * 1_000 + GRACE_MS,
          })
        : await this.client.find(path)
    return reply && parseOperation(record(reply.metadata))
  }

  /**
   * What the instance shows decides: LXD forgets an operation 5 s after its end and all of them over a
   * restart, and says "failed" also of what was already so.
   */
  private async judge(
    { ref, wanted }: RemoteTask,
    waitMs: number,
    said: string | null
  ): Promise<TaskStatus> {
    // In this order: what a create is about to make is told by its operation before there is a row.
    const [other] = await this.runningOn(ref)
    const instance = await this.read(ref)
    // A guest on its way down still reads as running, and one that is being made not at all.
    const isSettled =
      !other ||
      (wanted.is !== 'absent' &&
        wanted.is !== 'snapshotted' &&
        wanted.is !== 'archived' &&
        wanted.is !== 'moved' &&
        (wanted.is !== 'running' || said === null))
    if (isSettled && (await this.isFulfilled(ref, wanted, instance))) return SUCCEEDED
    if (other) return this.join(other, wanted, waitMs)
    if (wanted.is === 'absent' && instance) return this.remove(instance, waitMs)
    if (said !== null) return { state: 'failed', ...explain(said) }
    return {
      state: 'failed',
      kind: 'task_lost',
      reason: 'the cluster forgot the task and left it undone',
    }
  }

  private async isFulfilled(
    ref: string,
    wanted: WantedState,
    instance: LxdInstance | null
  ): Promise<boolean> {
    switch (wanted.is) {
      case 'snapshotted':
        return this.hasSnapshot(ref, wanted.snapshot)
      case 'unsnapshotted':
        return !(await this.hasSnapshot(ref, wanted.snapshot))
      case 'archived':
        return this.hasArchive(ref, wanted.archive)
      case 'unarchived':
        return !(await this.hasArchive(ref, wanted.archive))
      case 'restored':
      case 'unpacked':
        return false
      default:
        return isFulfilled(wanted, instance)
    }
  }

  /** Something else goes on with this instance; what it leaves is judged at the next poll. */
  private async join(
    { id, description }: RunningTask,
    wanted: WantedState,
    waitMs: number
  ): Promise<TaskStatus> {
    const operation = await this.follow(id, waitMs)
    if (operation?.state === 'running') return operation
    const isTheRemoval = wanted.is === 'absent' && description === DELETING
    if (operation?.state === 'failed' && isTheRemoval) {
      return { state: 'failed', ...explain(operation.said) }
    }
    return { state: 'running' }
  }

  private async remove(instance: LxdInstance, waitMs: number): Promise<TaskStatus> {
    const { operationId } = await this.startRemoving(instance)
    const operation = operationId === null ? null : await this.follow(operationId, waitMs)
    if (operation?.state !== 'failed') return { state: 'running' }
    const left = await this.read(instance.ref)
    // It went down, or away, by itself while we asked.
    if (left === null || left.status !== instance.status) return { state: 'running' }
    return { state: 'failed', ...explain(operation.said) }
  }
}

/** What is judged by the instance alone. */
type InstanceWanted = Exclude<
  WantedState,
  { snapshot: string } | { archive: string } | { source: string }
>

function isFulfilled(wanted: InstanceWanted, instance: LxdInstance | null): boolean {
  if (wanted.is === 'absent') return instance === null || instance.stamp !== wanted.stamp
  if (instance === null) return wanted.is === 'retired' || wanted.is === 'recalled'
  switch (wanted.is) {
    case 'present':
    case 'copied':
      return instance.stamp === wanted.stamp && !isHalfMade(instance)
    case 'running':
      return powerOf(instance) === 'running'
    case 'stopped':
      return powerOf(instance) === 'stopped'
    case 'attached':
      return furtherCards(instance).some(([name]) => name === wanted.card)
    case 'detached':
      return instance.devices[wanted.card] === undefined
    case 'moved':
      return instance.location === wanted.node
    case 'sized':
      return isSameSize(sizeOfInstance(instance), wanted.size)
    case 'retired':
      return retiredCards(instance) !== null
    case 'recalled':
      return retiredCards(instance) === null
    case 'restarted': {
      const since = startedAt(instance)
      if (powerOf(instance) !== 'running') return false
      return wanted.startedBefore === null || (since !== null && since > wanted.startedBefore)
    }
  }
}

/** LXD's own code decides, never the HTTP status: a failed operation is answered with 200. */
function parseOperation(operation: Json): LxdOperation {
  const code = Number(operation.status_code)
  if (code === 200) return { state: 'succeeded' }
  if (code >= 400) return { state: 'failed', said: text(operation.err) ?? '' }
  const progress = record(record(operation.metadata).progress)
  const percent = Number(text(progress.percent) ?? Number.NaN)
  if (!Number.isFinite(percent)) return { state: 'running' }
  return { state: 'running', percent: Math.min(100, Math.max(0, percent)) }
}
