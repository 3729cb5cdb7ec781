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

export type SettleOptions = {
  signal?: AbortSignal
  onProgress?: (status: Extract<TaskStatus, { state: 'running' }>) => void | Promise<void>
  /** Longest wait in this worker, milliseconds. */
  holdMs?: number
  /** First pause between two polls, milliseconds; grows to a second. */
  pollMs?: number
}

/**
 * The one polling loop.
 * @throws DriverError task_failed when the task failed
 * @throws WaitLonger when it is not over within `holdMs`
 */
export async function settle(
  driver: ComputeDriver,
  task: RemoteTask,
  { signal, onProgress, holdMs = 30_000, pollMs = 50 }: SettleOptions = {}
): Promise<void> {
  const until = Date.now() + holdMs
  let pauseMs = pollMs
  while (true) {
    signal?.throwIfAborted()
    const status = await driver.poll(task)
    if (status.state === 'succeeded') return
    if (status.state === 'failed') throw new DriverError('task_failed', status.reason)
    await onProgress?.(status)
    if (Date.now() >= until) throw new WaitLonger(5_000)
    await sleep(pauseMs, undefined, { signal })
    pauseMs = Math.min(pauseMs * 1.5, 1_000)
  }
}
