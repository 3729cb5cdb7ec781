import { DateTime } from 'luxon'
import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import { HttpContext } from '@adonisjs/core/http'
import db from '@adonisjs/lucid/services/db'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { UserSessionSchema } from '#database/schema'
import { sessionLimits } from '#config/session'
import User from '#models/user'
import { aliased, unaliased } from '#models/concerns/joined'
import { sqlTime } from '#models/concerns/sql'
import { newUid } from '#models/concerns/uid'
import { addStanding, type Standing } from '#models/standing'
import type { SignInMethod } from '#models/types'

/** Being signed in somewhere: where, since when, how, and until when. */
export default class UserSession extends UserSessionSchema {
  @belongsTo(() => User)
  declare user: BelongsTo<typeof User>

  @beforeCreate()
  static assignUid(session: UserSession) {
    session.uid ??= newUid('w')
  }

  /** Signing in counts as a proof of identity. */
  static async open(user: User, { method }: { method: SignInMethod }): Promise<UserSession> {
    const now = DateTime.utc()
    const session = await UserSession.create({
      userId: user.id,
      method,
      ...whereFrom(),
      lastSeenAt: now,
      confirmedAt: now,
      expiresAt: now.plus(sessionLimits.absoluteMs),
    })
    user.currentSession = session
    return session
  }

  /** Whose session it is, with it as `currentSession`, in one query; null when there is none. */
  static async resume(id: number): Promise<User | null> {
    const row = await db
      .from('user_sessions')
      .join('users', 'users.id', 'user_sessions.user_id')
      .where('user_sessions.id', id)
      .select(db.raw(UserSession.joinedColumns()))
      .first()
    return row ? UserSession.userOf(row) : null
  }

  /** For queries that read a session's row and its user's together; `userOf` reads such a row. */
  static joinedColumns(): string {
    return `${aliased(UserSession, 'session_')}, ${aliased(User, 'user_')}`
  }

  static userOf(row: Record<string, unknown>): User {
    const user = User.$createFromAdapterResult(unaliased(row, User, 'user_')) as User
    user.currentSession = UserSession.$createFromAdapterResult(
      unaliased(row, UserSession, 'session_')
    ) as UserSession
    return user
  }

  /** What these sessions still open: of those that have ended, nothing. One query. */
  static async standings(ids: number[]): Promise<Map<number, Standing>> {
    const now = DateTime.utc()
    const rows = await db
      .from('user_sessions')
      .join('users', 'users.id', 'user_sessions.user_id')
      .leftJoin('memberships', 'memberships.user_id', 'users.id')
      .leftJoin('organizations', 'organizations.id', 'memberships.organization_id')
      .whereIn('user_sessions.id', ids)
      .whereNull('user_sessions.ended_at')
      .where('user_sessions.expires_at', '>', sqlTime(now))
      .where('user_sessions.last_seen_at', '>', sqlTime(now.minus(sessionLimits.idleMs)))
      .whereNull('users.disabled_at')
      .select('user_sessions.id', 'users.staff_role', 'memberships.organization_id')
      .select('memberships.role', 'organizations.deleted_at')
    const standings = new Map<number, Standing>()
    for (const row of rows) addStanding(standings, row)
    return standings
  }

  /** Ends every session of this person but `kept`. */
  static async endAllOf(
    user: User,
    kept: UserSession | null,
    trx?: TransactionClientContract
  ): Promise<void> {
    const query = UserSession.query({ client: trx }).where('user_id', user.id).whereNull('ended_at')
    if (kept) query.whereNot('id', kept.id)
    await query.update({ ended_at: sqlTime(DateTime.utc()) })
  }

  /** Forgets what nobody needs: visitors who left, and sessions over for three months. */
  static async forgetExpired(): Promise<void> {
    const now = DateTime.utc()
    const quarterAgo = sqlTime(now.minus({ days: 90 }))
    await db.from('sessions').where('expires_at', '<', sqlTime(now)).delete()
    await UserSession.query()
      .where((over) =>
        over.where('ended_at', '<', quarterAgo).orWhere('expires_at', '<', quarterAgo)
      )
      .delete()
  }

  get isOpen(): boolean {
    const now = Date.now()
    const isIdle = this.lastSeenAt.toMillis() + sessionLimits.idleMs <= now
    return !this.endedAt && this.expiresAt.toMillis() > now && !isIdle
  }

  /** Whether identity was proven within the last minutes. */
  get isConfirmed(): boolean {
    return this.confirmedAt.plus(sessionLimits.confirmedMs) > DateTime.utc()
  }

  async confirm(): Promise<void> {
    this.confirmedAt = DateTime.utc()
    await this.save()
  }

  /** Writes at most once a minute: every page comes by here. */
  async markSeen(): Promise<void> {
    if (this.lastSeenAt.toMillis() + sessionLimits.seenEveryMs > Date.now()) return
    Object.assign(this, { lastSeenAt: DateTime.utc(), ...whereFrom() })
    await this.save()
  }

  async end(): Promise<void> {
    if (this.endedAt) return
    this.endedAt = DateTime.utc()
    await this.save()
  }
}

function whereFrom(): { ipAddress: string; userAgent: string } {
  const request = HttpContext.get()?.request
  return {
    ipAddress: request?.ip() ?? '',
    userAgent: (request?.header('user-agent') ?? '').slice(0, 400).toWellFormed(),
  }
}
