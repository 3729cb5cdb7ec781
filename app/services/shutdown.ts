const told = new AbortController()

/** Aborted when this process was told to end: streams end, readiness fails, nothing new is begun. */
export const shuttingDown: AbortSignal = told.signal

export function announceShutdown(): void {
  told.abort(new Error('this process shuts down'))
}
