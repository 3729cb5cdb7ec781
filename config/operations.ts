import env from '#start/env'

/** A running operation whose runner said nothing for this long is taken by another. */
export const staleAfterMs = env.get('OPERATION_STALE_MS', 60_000)
export const heartbeatMs = Math.max(200, Math.floor(staleAfterMs / 6))
export const sweepEveryMs = env.get('OPERATION_SWEEP_MS', 60_000)
/** Longest wait for a remote task before the worker is freed for others. */
export const holdMs = 30_000
/** Retryable failures in a row: 1 s, 2 s, 4 s … at most 5 min apart, about 20 min in all. */
export const maxFailures = env.get('OPERATION_MAX_FAILURES', 12)
export const backOffMs = (failures: number): number =>
  Math.min(env.get('OPERATION_BACKOFF_MS', 1_000) * 2 ** Math.max(0, failures - 1), 300_000)
