/** Names under which a secret could stand in something that is logged or audited. */
export const SECRET_FIELDS = [
  'password',
  'passwordConfirmation',
  'password_confirmation',
  'currentPassword',
  'rootPassword',
  'token',
  'secret',
  'privateKey',
  'private_key',
  'credentials',
  'trustPassword',
  'authorization',
  'cookie',
  'apikey',
  'code',
  'recoveryCode',
  'recovery_code',
  'root_password',
  'credential',
] as const

/** Without `code`: in a log that is an error's code, which is what one looks for. */
const REDACTED_FIELDS = SECRET_FIELDS.filter((field) => field !== 'code')

export const REDACTED_PATHS = REDACTED_FIELDS.flatMap((field) => [
  field,
  `*.${field}`,
  `*.*.${field}`,
])

type LoggableError = {
  type: string
  message: string
  code?: string
  kind?: string
  stack?: string
  cause?: LoggableError
}

/**
 * What of an error is written down. Clients of databases and HTTP hang statements with their values,
 * requests and headers onto their errors: only what is named here passes.
 */
export function loggableError(error: unknown): LoggableError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) }
  const { code, kind } = error as { code?: unknown; kind?: unknown }
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof kind === 'string' ? { kind } : {}),
    stack: error.stack,
    ...(error.cause ? { cause: loggableError(error.cause) } : {}),
  }
}
