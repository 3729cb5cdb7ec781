import { DateTime } from 'luxon'
import db from '@adonisjs/lucid/services/db'
import mail from '@adonisjs/mail/services/main'
import AuditEvent from '#models/audit_event'
import User from '#models/user'
import UserToken from '#models/user_token'
import { isUniqueViolation } from '#models/concerns/database_errors'
import { normalizeEmail } from '#models/concerns/email'
import { LinkExpired } from '#exceptions/domain_error'
import AccountExistsMail from '#mails/account_exists_mail'
import ConfirmEmailMail from '#mails/confirm_email_mail'
import SecurityNoticeMail from '#mails/security_notice_mail'

/**
 * Moving an account to another address. From the wish to the click in the new mailbox the account counts as
 * unverified; the old address still signs in, and is told at once. Whether the new address has an account
 * of its own is told to that mailbox only.
 */
const EmailChange = {
  async request(user: User, wanted: string): Promise<void> {
    const email = normalizeEmail(wanted)
    if (email === user.email) return EmailChange.withdraw(user)
    const owner = await User.findByEmail(email)
    await db.transaction(async (trx) => {
      await user.useTransaction(trx).merge({ newEmail: email }).save()
      await UserToken.revoke(user, 'change_email', trx)
      const secret = owner ? null : await UserToken.issue(user, 'change_email', trx, { email })
      await AuditEvent.record(
        {
          action: 'user.email_change_requested',
          organizationId: null,
          subject: user.auditSubject,
          after: { email },
        },
        trx
      )
      trx.after('commit', async () => {
        await mail.sendLater(new SecurityNoticeMail(user, 'email_changing', { email }))
        await mail.sendLater(
          secret ? new ConfirmEmailMail(user, email, secret) : new AccountExistsMail(owner!)
        )
      })
    })
  },

  async withdraw(user: User): Promise<void> {
    if (!user.newEmail) return
    await db.transaction(async (trx) => {
      const email = user.newEmail
      await user.useTransaction(trx).merge({ newEmail: null }).save()
      await UserToken.revoke(user, 'change_email', trx)
      await AuditEvent.record(
        {
          action: 'user.email_change_withdrawn',
          organizationId: null,
          subject: user.auditSubject,
          before: { email },
        },
        trx
      )
    })
  },

  /** @throws LinkExpired also when the address was taken or the wish changed meanwhile */
  async confirm(secret: string): Promise<User> {
    const token = await UserToken.findValid(secret, 'change_email')
    const before = token.user.email
    if (!token.email || token.user.newEmail !== token.email) throw new LinkExpired()
    try {
      return await db.transaction(async (trx) => {
        await token.use(trx)
        const user = token.user.useTransaction(trx)
        await user
          .merge({ email: token.email!, newEmail: null, emailVerifiedAt: DateTime.utc() })
          .save()
        // They lie in the old mailbox, which may be somebody else's by now.
        await UserToken.revoke(user, 'reset_password', trx)
        await UserToken.revoke(user, 'verify_email', trx)
        await AuditEvent.record(
          {
            action: 'user.email_changed',
            organizationId: null,
            subject: user.auditSubject,
            before: { email: before },
            after: { email: user.email },
            actor: user,
          },
          trx
        )
        trx.after('commit', () =>
          mail.sendLater(
            new SecurityNoticeMail({ email: before, locale: user.locale }, 'email_changed', {
              email: user.email,
            })
          )
        )
        return user
      })
    } catch (error) {
      if (isUniqueViolation(error)) throw new LinkExpired({}, { cause: error })
      throw error
    }
  },
}

export default EmailChange
