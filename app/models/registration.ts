import db from '@adonisjs/lucid/services/db'
import AuditEvent from '#models/audit_event'
import EmailChange from '#models/email_change'
import User from '#models/user'
import { isUniqueViolation } from '#models/concerns/database_errors'
import { noMailboxOf } from '#models/concerns/email'
import { newUid } from '#models/concerns/uid'

export type RegistrationOrder = {
  username: string
  password: string
  email: string | null
  locale: string
  timeZone: string
}

/**
 * An account by a name of one's own, made over the API. An address may be given and is proven like any other
 * new one: whether it has an account already is told to its owner alone.
 */
const Registration = {
  /** null: the name is taken. */
  async take({ email, username, ...order }: RegistrationOrder): Promise<User | null> {
    try {
      const user = await db.transaction(async (trx) => {
        const enrolled = await User.enrol(
          {
            ...order,
            username,
            fullName: username,
            email: noMailboxOf(newUid('u')),
            // There is no mailbox to prove.
            isVerified: true,
          },
          trx
        )
        await AuditEvent.record(
          {
            action: 'user.signed_up',
            organizationId: null,
            subject: enrolled.auditSubject,
            actor: enrolled,
            after: { username },
          },
          trx
        )
        return enrolled
      })
      if (email) await EmailChange.request(user, email)
      return user
    } catch (error) {
      if (isUniqueViolation(error)) return null
      throw error
    }
  },
}

export default Registration
