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
  'credentials',
  'trustPassword',
  'authorization',
  'cookie',
  'apikey',
  'code',
  'recoveryCode',
] as const

/** Without `code`: in a log that is an error's code, which is what one looks for. */
const REDACTED_FIELDS = SECRET_FIELDS.filter((field) => field !== 'code')

export const REDACTED_PATHS = REDACTED_FIELDS.flatMap((field) => [
  field,
  `*.${field}`,
  `*.*.${field}`,
])
