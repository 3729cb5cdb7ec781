import { createHash } from 'node:crypto'
import { DateTime } from 'luxon'
import db from '@adonisjs/lucid/services/db'
import type { HttpContext } from '@adonisjs/core/http'
import type { SessionData, SessionStoreContract } from '@adonisjs/session/types'
import { sessionLimits } from '#config/session'
import { sqlTime } from '#models/concerns/sql'
import type User from '#models/user'
import UserSession from '#models/user_session'

/** Where the session guard keeps the id of the user_sessions row. */
const SIGNED_IN_KEY = 'auth_web'

/**
 * Sessions in the database, cheap for a page: one query reads the session, its user_sessions row and the
 * user, and nothing is written unless the session changed. Who is signed in is judged by user_sessions
 * alone, so that row need not be touched to stay alive; a visitor's is, at half of its life.
 * One store serves one request.
 */
export default class SessionStore implements SessionStoreContract {
  #signedIn = false
  #expiresAt: DateTime | null = null

  constructor(private readonly ctx: HttpContext) {}

  async read(sessionId: string): Promise<SessionData | null> {
    const row = await db
      .from('sessions')
      .leftJoin('user_sessions', 'user_sessions.id', 'sessions.user_session_id')
      .leftJoin('users', 'users.id', 'user_sessions.user_id')
      .where('sessions.id', hashed(sessionId))
      .where('sessions.expires_at', '>', sqlTime(DateTime.utc()))
      .select('sessions.data', 'sessions.expires_at', db.raw(UserSession.joinedColumns()))
      .first()
    if (!row) return null
    this.#signedIn = row.session_id !== null
    this.#expiresAt = moment(row.expires_at)
    if (this.#signedIn) this.ctx.resumedUser = UserSession.userOf(row)
    return JSON.parse(row.data)
  }

  async write(sessionId: string, data: SessionData): Promise<void> {
    const userSessionId = data[SIGNED_IN_KEY] ?? null
    await db
      .insertQuery()
      .table('sessions')
      .insert({
        id: hashed(sessionId),
        data: JSON.stringify(data),
        user_session_id: userSessionId,
        expires_at: sqlTime(
          DateTime.utc().plus(
            userSessionId === null ? sessionLimits.anonymousMs : sessionLimits.absoluteMs
          )
        ),
      })
      .onConflict('id')
      .merge(['data', 'user_session_id', 'expires_at'])
  }

  async destroy(sessionId: string): Promise<void> {
    await db.from('sessions').where('id', hashed(sessionId)).delete()
  }

  async touch(sessionId: string): Promise<void> {
    if (this.#signedIn || !this.#expiresAt) return
    const now = DateTime.utc()
    if (this.#expiresAt > now.plus(sessionLimits.anonymousMs / 2)) return
    await db
      .from('sessions')
      .where('id', hashed(sessionId))
      .update({ expires_at: sqlTime(now.plus(sessionLimits.anonymousMs)) })
  }
}

function hashed(sessionId: string): string {
  return createHash('sha256').update(sessionId).digest('hex')
}

function moment(value: string | Date): DateTime {
  return value instanceof Date
    ? DateTime.fromJSDate(value).toUTC()
    : DateTime.fromSQL(value, { zone: 'utc' })
}

declare module '@adonisjs/core/http' {
  export interface HttpContext {
    /** Read together with the session; the session guard decides whether it counts. */
    resumedUser?: User
  }
}
