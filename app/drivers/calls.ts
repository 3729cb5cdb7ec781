import { channel } from 'node:diagnostics_channel'
import type { ClusterConnection, DriverName } from '#drivers/contract'
import { DriverError, type DriverErrorKind } from '#drivers/errors'

/** One request to a cluster. No address, no ref: what stands here becomes a label of a metric. */
export type DriverCall = {
  driver: DriverName
  /** `ClusterConnection.label`. */
  cluster: string
  /** What was asked, e.g. `GET instances`; a small closed set for each driver. */
  call: string
  durationMs: number
  /** null: answered. */
  errorKind: DriverErrorKind | null
}

const calls = channel('portico:driver-call')

/** Lets metrics listen to every request of every driver in this process, without drivers knowing them. */
export function onDriverCall(listener: (call: DriverCall) => void): () => void {
  const subscriber = (message: unknown) => listener(message as DriverCall)
  calls.subscribe(subscriber)
  return () => calls.unsubscribe(subscriber)
}

export async function observed<Answer>(
  { driver, label }: Pick<ClusterConnection, 'driver' | 'label'>,
  call: string,
  request: () => Promise<Answer>
): Promise<Answer> {
  const startedAt = performance.now()
  let errorKind: DriverErrorKind | null = null
  try {
    return await request()
  } catch (error) {
    errorKind = error instanceof DriverError ? error.kind : 'task_failed'
    throw error
  } finally {
    calls.publish({
      driver,
      cluster: label ?? 'none',
      call,
      durationMs: performance.now() - startedAt,
      errorKind,
    } satisfies DriverCall)
  }
}
