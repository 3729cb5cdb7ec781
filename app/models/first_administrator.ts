import db from '@adonisjs/lucid/services/db'
import { appUrl } from '#config/app'
import { LinkExpired } from '#exceptions/domain_error'
import AuditEvent from '#models/audit_event'
import User, { type Enrolment } from '#models/user'
import UserToken from '#models/user_token'

export const firstAdministratorPath = (secret: string) => `/first-administrator/${secret}`

/** A fresh house has no key: whoever reads the server's output may come in first, once. */
const FirstAdministrator = {
  async isMissing(): Promise<boolean> {
    const known = await User.query().where('staff_role', 'admin').whereNull('disabled_at').first()
    return known === null
  },

  /** The link, for the process that gets to print it; null when somebody else has it, or nobody needs it. */
  async offer(): Promise<string | null> {
    if (!(await FirstAdministrator.isMissing())) return null
    const secret = await UserToken.issueForFirstAdmin()
    return secret && appUrl + firstAdministratorPath(secret)
  },

  /** @throws LinkExpired also when an administrator came by another way meanwhile */
  async find(secret: string): Promise<UserToken> {
    const token = await UserToken.findValid(secret, 'first_admin')
    if (!(await FirstAdministrator.isMissing())) throw new LinkExpired()
    return token
  },

  async welcome(secret: string, order: Enrolment): Promise<User> {
    const token = await FirstAdministrator.find(secret)
    return db.transaction(async (trx) => {
      await token.use(trx)
      const user = await User.enrol({ ...order, staffRole: 'admin', isVerified: true }, trx)
      await AuditEvent.record(
        {
          action: 'user.first_administrator',
          organizationId: null,
          subject: user.auditSubject,
          after: { staffRole: user.staffRole },
          actor: user,
        },
        trx
      )
      return user
    })
  },
}

export default FirstAdministrator
