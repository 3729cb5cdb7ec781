import { hkdfSync } from 'node:crypto'
import env from '#start/env'

const DERIVED_BYTES = 32

/** Whom a program signs in as over `/api/auth`, and for how long. */
export const apiLogin = {
  hours: 12,
  /** Whether strangers may make an account over the API. */
  isRegistrationOpen: env.get('API_REGISTRATION', 'open') === 'open',
  /** Signs the tokens. Left unset, one that follows from the application's. */
  key: keyOf(env.get('JWT_SECRET')?.release()),
}

function keyOf(secret: string | undefined): Uint8Array {
  if (secret) return new TextEncoder().encode(secret)
  const source = env.get('APP_KEY').release()
  return new Uint8Array(hkdfSync('sha256', source, '', 'portico api login', DERIVED_BYTES))
}
