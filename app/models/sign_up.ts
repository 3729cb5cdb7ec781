import db from '@adonisjs/lucid/services/db'
import AuditEvent from '#models/audit_event'
import EmailVerification from '#models/email_verification'
import User, { type Enrolment } from '#models/user'
import { isUniqueViolation } from '#models/concerns/database_errors'
import AccountExistsMail from '#mails/account_exists_mail'
import mail from '@adonisjs/mail/services/main'

export type SignUpOrder = Omit<Enrolment, 'staffRole' | 'isVerified'>

/**
 * Somebody asks for an account. The answer they get is the same whether the address has one already; only
 * the mail differs, and that goes to the owner of the address.
 */
const SignUp = {
  /** The new user, or null when the address has an account. */
  async take(order: SignUpOrder): Promise<User | null> {
    try {
      return await db.transaction(async (trx) => {
        const user = await User.enrol(order, trx)
        await EmailVerification.send(user, trx)
        await AuditEvent.record(
          {
            action: 'user.signed_up',
            organizationId: null,
            subject: user.auditSubject,
            actor: user,
          },
          trx
        )
        return user
      })
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
    }
    const owner = await User.findByEmail(order.email)
    if (owner) await SignUp.tellOwner(owner)
    return null
  },

  /** Somebody, perhaps they themselves, wanted an account for an address that has one. */
  async tellOwner(owner: User): Promise<void> {
    await AuditEvent.record({
      action: 'user.sign_up_repeated',
      organizationId: null,
      subject: owner.auditSubject,
      actor: { anonymous: owner.email },
      outcome: 'refused',
    })
    await mail.sendLater(new AccountExistsMail(owner))
  },
}

export default SignUp
