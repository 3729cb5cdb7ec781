import env from '#start/env'
import { configProvider } from '@adonisjs/core'
import { isHttps } from '#config/app'
import { defineConfig } from '@adonisjs/session'
import type { SessionStoreFactory } from '@adonisjs/session/types'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export const sessionLimits = {
  /** A session that was not used for so long has ended. */
  idleMs: 7 * DAY,
  /** However busy it was. */
  absoluteMs: 30 * DAY,
  /** What a visitor left behind who is not signed in. */
  anonymousMs: 12 * HOUR,
  /** `last seen` is written this often at most. */
  seenEveryMs: MINUTE,
  /** How long a proof of identity opens credentials, members, keys and deletions. */
  confirmedMs: 15 * MINUTE,
  /** Between the password and the second factor. */
  secondFactorMs: 10 * MINUTE,
}

/** Answered without a session: no cookie, no row, no CSRF secret. */
const STATELESS_PATHS = ['/api', '/health', '/metrics']
/** Open to people by their session, and to programs by a token: whoever shows a token has no session. */
const EITHER_PATH = '/license'

type Asked = { url(): string; header(name: string): string | undefined }

export function isStateless(request: Asked): boolean {
  const path = request.url()
  const isUnder = (prefix: string) => path === prefix || path.startsWith(`${prefix}/`)
  if (isUnder(EITHER_PATH)) return request.header('authorization') !== undefined
  // A page for people, which knows their language and their look.
  if (path === '/api/docs' || path.startsWith('/api/docs/')) return false
  return STATELESS_PATHS.some(isUnder)
}

const sessionConfig = defineConfig({
  enabled: true,
  cookieName: 'portico_session',
  clearWithBrowser: false,
  age: sessionLimits.idleMs / 1000,
  cookie: { path: '/', httpOnly: true, secure: isHttps, sameSite: 'lax' },
  store: env.get('SESSION_DRIVER', 'database'),
  stores: {
    database: configProvider.create(async (): Promise<SessionStoreFactory> => {
      const { default: SessionStore } = await import('#services/session_store')
      return (ctx) => new SessionStore(ctx)
    }),
  },
})

export default sessionConfig
