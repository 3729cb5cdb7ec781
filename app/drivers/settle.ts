import { setTimeout as sleep } from 'node:timers/promises'
import type { ComputeDriver, RemoteTask, TaskStatus } from '#drivers/contract'
import { DriverError } from '#drivers/errors'

/** Thrown when a task needs longer than a worker may hold: come back after `ms`. */
export class WaitLonger extends Error {
  override name = 'WaitLonger'
  constructor(readonly ms: number) {
    super(`the remote task is still running; ask again in ${ms} ms`)
  }
}

/** The task itself came to a bad end; it is not followed again. */
export class TaskFailed extends DriverError {
  override name = 'TaskFailed'
}

export type SettleOptions = {
  signal?: AbortSignal
  onProgress?: (status: Extract<TaskStatus, { state: 'running' }>) => void | Promise<void>
  /** Longest wait in this worker, milliseconds. */
  holdMs?: number
  /** First pause between two polls, milliseconds; grows to a second. */
  pollMs?: number
}

/** Longest a driver may hold a poll back: as often as that, progress is told and a stop is heard. */
const LONGEST_POLL_MS = 1_000

/**
 * The one polling loop. A driver that waits for the task's end by itself is asked again at once; one that
 * answers early is given a pause.
 * @throws TaskFailed of the kind the driver told, else task_failed
 * @throws WaitLonger when it is not over within `holdMs`
 */
export async function settle(
  driver: Pick<ComputeDriver, 'poll'>,
  task: RemoteTask,
  { signal, onProgress, holdMs = 30_000, pollMs = 50 }: SettleOptions = {}
): Promise<void> {
  const until = Date.now() + holdMs
  let pauseMs = pollMs
  while (true) {
    signal?.throwIfAborted()
    const askedAt = Date.now()
    const waitMs = Math.max(0, Math.min(LONGEST_POLL_MS, until - askedAt))
    const status = await driver.poll(task, { waitMs })
    if (status.state === 'succeeded') return
    if (status.state === 'failed') {
      throw new TaskFailed(status.kind ?? 'task_failed', status.reason)
    }
    await onProgress?.(status)
    if (Date.now() >= until) throw new WaitLonger(5_000)
    const restMs = pauseMs - (Date.now() - askedAt)
    if (restMs > 0) await sleep(restMs, undefined, { signal })
    pauseMs = Math.min(pauseMs * 1.5, 1_000)
  }
}
