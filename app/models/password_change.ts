import { DateTime } from 'luxon'
import db from '@adonisjs/lucid/services/db'
import mail from '@adonisjs/mail/services/main'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import ApiToken from '#models/api_token'
import AuditEvent, { type AuditActor } from '#models/audit_event'
import User from '#models/user'
import UserSession from '#models/user_session'
import UserToken from '#models/user_token'
import type { Facts } from '#models/concerns/audit_changes'
import type { AuditAction } from '#models/types'
import ResetPasswordMail from '#mails/reset_password_mail'
import SecurityNoticeMail from '#mails/security_notice_mail'

/**
 * A new password, by its owner who is signed in or by a link to their mailbox. Other sessions end. A link is
 * for who lost the account, perhaps to somebody: then API tokens end, too.
 */
const PasswordChange = {
  async change(user: User, password: string): Promise<void> {
    await db.transaction(async (trx) => {
      await replace(user, password, user.currentSession, trx)
      await record(user, 'user.password_changed', trx)
    })
  },

  /** Sends the link, if there is such an account. */
  async requestReset(email: string): Promise<void> {
    const user = await User.findByEmail(email)
    if (!user || user.isDisabled) return
    await sendLink(user, 'user.password_reset_requested', { anonymous: user.email })
  },

  /** … on behalf of somebody who asked the staff. */
  async sendReset(user: User): Promise<void> {
    await sendLink(user, 'user.password_reset_sent')
  },

  /** The link also proves that its reader owns the mailbox. @throws LinkExpired */
  async reset(secret: string, password: string): Promise<User> {
    const token = await UserToken.findValid(secret, 'reset_password')
    return db.transaction(async (trx) => {
      await token.use(trx)
      const { user } = token
      user.emailVerifiedAt ??= DateTime.utc()
      await replace(user, password, null, trx)
      const tokens = await ApiToken.revokeAll(user, trx)
      await record(user, 'user.password_reset', trx, { revoked_tokens: tokens })
      return user
    })
  },
}

export default PasswordChange

async function replace(
  user: User,
  password: string,
  keptSession: UserSession | null,
  trx: TransactionClientContract
): Promise<void> {
  await user.useTransaction(trx).merge({ password }).save()
  await UserToken.revoke(user, 'reset_password', trx)
  await UserSession.endAllOf(user, keptSession, trx)
  trx.after('commit', () => mail.sendLater(new SecurityNoticeMail(user, 'password_changed')))
}

function record(
  user: User,
  action: AuditAction,
  trx: TransactionClientContract,
  after: Facts | null = null
): Promise<void> {
  return AuditEvent.record(
    { action, organizationId: null, subject: user.auditSubject, actor: user, after },
    trx
  )
}

async function sendLink(user: User, action: AuditAction, actor?: AuditActor): Promise<void> {
  await db.transaction(async (trx) => {
    const secret = await UserToken.issue(user, 'reset_password', trx)
    await AuditEvent.record(
      { action, organizationId: null, subject: user.auditSubject, actor },
      trx
    )
    trx.after('commit', () => mail.sendLater(new ResetPasswordMail(user, secret)))
  })
}
