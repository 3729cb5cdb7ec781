import db from '@adonisjs/lucid/services/db'
import mail from '@adonisjs/mail/services/main'
import type { AccessToken } from '@adonisjs/auth/access_tokens'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import AuditEvent from '#models/audit_event'
import User from '#models/user'
import { NotFound } from '#exceptions/domain_error'
import SecurityNoticeMail from '#mails/security_notice_mail'
import { affected } from '#models/concerns/sql'
import type { AuditAction } from '#models/types'

/** What a program of a person signs in with: as they, over the JSON API, until it expires or is revoked. */
const ApiToken = {
  all(user: User): Promise<AccessToken[]> {
    return User.accessTokens.all(user)
  },

  /** How pages name a token: not the row's number, and nothing that opens anything. */
  handleOf(token: AccessToken): string {
    return token.hash.slice(0, 16)
  },

  /** Returns the token itself, this once. */
  async create(user: User, { name, days }: { name: string; days: number }): Promise<string> {
    const token = await User.accessTokens.create(user, ['*'], { name, expiresIn: `${days} days` })
    await record(user, 'user.token_created', { name, days })
    await mail.sendLater(new SecurityNoticeMail(user, 'token_created', { name }))
    return token.value!.release()
  },

  /** @throws NotFound */
  async revoke(user: User, handle: string): Promise<void> {
    const tokens = await ApiToken.all(user)
    const token = tokens.find((known) => ApiToken.handleOf(known) === handle)
    if (!token) throw new NotFound()
    await User.accessTokens.delete(user, token.identifier)
    await record(user, 'user.token_revoked', { name: token.name })
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
