export const DRIVER_ERROR_KINDS = [
  'unreachable',
  'timeout',
  'busy',
  'rate_limited',
  'unauthorized',
  'tls_mismatch',
  'not_found',
  'already_exists',
  'invalid',
  'out_of_capacity',
  'unsupported',
  'task_failed',
  /** The cluster forgot the task (it restarted) and what the task wanted is not there: ask again. */
  'task_lost',
] as const
export type DriverErrorKind = (typeof DRIVER_ERROR_KINDS)[number]

const RETRYABLE = new Set<DriverErrorKind>([
  'unreachable',
  'timeout',
  'busy',
  'rate_limited',
  'task_lost',
])

/**
 * The only error that leaves a driver. `message` is fit for an operator's eyes: no token, no password,
 * no URL with credentials. `cause` keeps the vendor's error for the log.
 */
export class DriverError extends Error {
  override name = 'DriverError'

  constructor(
    readonly kind: DriverErrorKind,
    message: string,
    options?: { cause?: unknown }
  ) {
    super(message, options)
  }

  get retryable(): boolean {
    return RETRYABLE.has(this.kind)
  }
}
