import { DateTime } from 'luxon'
import db from '@adonisjs/lucid/services/db'
import mail from '@adonisjs/mail/services/main'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import AuditEvent from '#models/audit_event'
import type User from '#models/user'
import UserToken from '#models/user_token'
import VerifyEmailMail from '#mails/verify_email_mail'

/** The proof that whoever signed up reads the mailbox they named. */
const EmailVerification = {
  async send(user: User, trx: TransactionClientContract): Promise<void> {
    const secret = await UserToken.issue(user, 'verify_email', trx)
    trx.after('commit', () => mail.sendLater(new VerifyEmailMail(user, secret)))
  },

  async sendAgain(user: User): Promise<void> {
    await db.transaction((trx) => EmailVerification.send(user, trx))
  },

  /** @throws LinkExpired */
  async confirm(secret: string): Promise<User> {
    const token = await UserToken.findValid(secret, 'verify_email')
    return db.transaction(async (trx) => {
      await token.use(trx)
      const user = token.user.useTransaction(trx)
      await user.merge({ emailVerifiedAt: user.emailVerifiedAt ?? DateTime.utc() }).save()
      await AuditEvent.record(
        {
          action: 'user.email_verified',
          organizationId: null,
          subject: user.auditSubject,
          actor: user,
        },
        trx
      )
      return user
    })
  },
}

export default EmailVerification
