import db from '@adonisjs/lucid/services/db'
import mail from '@adonisjs/mail/services/main'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import AuditEvent from '#models/audit_event'
import User from '#models/user'
import { NotFound } from '#exceptions/domain_error'
import SecurityNoticeMail from '#mails/security_notice_mail'
import type { ApiAccessToken, TokenBounds } from '#models/concerns/api_tokens'
import { affected } from '#models/concerns/sql'
import { addStanding, type Standing } from '#models/standing'
import type { AuditAction, Scope } from '#models/types'

export type TokenOrder = { name: string; days: number; scopes?: Scope[] } & Partial<TokenBounds>

/** What a program of a person signs in with: as they, over the JSON API, until it expires or is revoked. */
const ApiToken = {
  all(user: User): Promise<ApiAccessToken[]> {
    return User.accessTokens.all(user) as Promise<ApiAccessToken[]>
  },

  /** Where the person signed in over the API with their password. */
  logins(user: User): Promise<ApiAccessToken[]> {
    return User.apiLogins.all(user) as Promise<ApiAccessToken[]>
  },

  /** How pages name a token: not the row's number, and nothing that opens anything. */
  handleOf(token: ApiAccessToken): string {
    return token.hash.slice(0, 16)
  },

  /** Returns the token itself, this once. */
  async create(
    user: User,
    { name, days, scopes, allowedAddresses = [], requestsPerMinute = null }: TokenOrder
  ): Promise<string> {
    const token = await User.accessTokens.create(user, scopes ?? ['*'], {
      name,
      expiresIn: `${days} days`,
    })
    await db
      .from('auth_access_tokens')
      .where('id', Number(token.identifier))
      .update({
        allowed_addresses: JSON.stringify(allowedAddresses),
        requests_per_minute: requestsPerMinute,
      })
    const after = {
      name,
      days,
      scopes: scopes ?? null,
      allowed_addresses: allowedAddresses,
      requests_per_minute: requestsPerMinute,
    }
    await record(user, 'user.token_created', after)
    await mail.sendLater(new SecurityNoticeMail(user, 'token_created', { name }))
    return token.value!.release()
  },

  /** What these tokens and their owners may still enter; of those that were revoked, nothing. One query. */
  async standings(ids: number[]): Promise<Map<number, Standing>> {
    const standings = new Map<number, Standing>()
    if (ids.length === 0) return standings
    const rows = await db
      .from('auth_access_tokens')
      .join('users', 'users.id', 'auth_access_tokens.tokenable_id')
      .leftJoin('memberships', 'memberships.user_id', 'users.id')
      .leftJoin('organizations', 'organizations.id', 'memberships.organization_id')
      .whereIn('auth_access_tokens.id', ids)
      .where('auth_access_tokens.expires_at', '>', new Date())
      .whereNull('users.disabled_at')
      .select('auth_access_tokens.id', 'users.staff_role', 'memberships.organization_id')
      .select('memberships.role', 'organizations.deleted_at')
    for (const row of rows) addStanding(standings, row)
    return standings
  },

  /** Remembers from where it was used; when, its verification has written already. */
  async touch(token: ApiAccessToken, address: string): Promise<void> {
    if (token.lastUsedFrom === address) return
    await db
      .from('auth_access_tokens')
      .where('id', Number(token.identifier))
      .update({ last_used_from: address })
  },

  /** A token or a login. @throws NotFound */
  async revoke(user: User, handle: string): Promise<void> {
    for (const kind of [User.accessTokens, User.apiLogins]) {
      const tokens = (await kind.all(user)) as ApiAccessToken[]
      const token = tokens.find((known) => ApiToken.handleOf(known) === handle)
      if (!token) continue
      await kind.delete(user, token.identifier)
      return record(user, 'user.token_revoked', { name: token.name })
    }
    throw new NotFound()
  },

  /** Every one of them, at once: whoever had the account may have made some. Tells how many there were. */
  async revokeAll(user: User, trx: TransactionClientContract): Promise<number> {
    return affected(await trx.from('auth_access_tokens').where('tokenable_id', user.id).delete())
  },

  /** Forgets those that expired a month ago. */
  async forgetExpired(): Promise<void> {
    const monthAgo = new Date(Date.now() - 30 * 24 * 3600 * 1000)
    await db.from('auth_access_tokens').where('expires_at', '<', monthAgo).delete()
  },
}

export default ApiToken

function record(user: User, action: AuditAction, after: Record<string, unknown>): Promise<void> {
  return AuditEvent.record({
    action,
    organizationId: null,
    subject: user.auditSubject,
    after,
  })
}
