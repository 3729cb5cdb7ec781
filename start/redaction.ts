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
  'recovery_code',
  'root_password',
  'credential',
] as const

export const REDACTED_PATHS = SECRET_FIELDS.flatMap((field) => [
  field,
  `*.${field}`,
  `*.*.${field}`,
])
