import { DateTime } from 'luxon'
import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { appUrl } from '#config/app'
import { DEFAULT_LOCALE, DEFAULT_TIME_ZONE } from '#config/i18n'
import { EmailTaken, SoleOwner, UsernameTaken } from '#exceptions/domain_error'
import AuditEvent from '#models/audit_event'
import Membership from '#models/membership'
import type Organization from '#models/organization'
import User from '#models/user'
import EmailChange from '#models/email_change'
import UserToken from '#models/user_token'
import { isUniqueViolation } from '#models/concerns/database_errors'
import { normalizeEmail } from '#models/concerns/email'
import { sqlTime } from '#models/concerns/sql'
import type { StaffRole } from '#models/types'

const LINK_HOURS = 24

/** What staff may know of a person beside how to reach them. */
export type PersonFacts = {
  fullName: string | null
  username: string | null
  phone: string | null
  keystoneUrl: string | null
}

export type Invited = Partial<PersonFacts> & {
  email: string
  fullName: string | null
  staffRole: StaffRole | null
  /** Of the organization that is founded for them; else the person's name. */
  organizationName?: string | null
  externalReference?: string | null
  locale?: string
}

/** What whoever runs the house does to accounts. */
const UserAdministration = {
  /**
   * A user who has not chosen a password yet, and the one-time link for that; it also proves the address.
   * @throws EmailTaken, UsernameTaken
   */
  async create(order: Invited): Promise<{ user: User; link: string }> {
    try {
      return await db.transaction(async (trx) => {
        if (await User.query({ client: trx }).where('email', normalizeEmail(order.email)).first()) {
          throw new EmailTaken({ email: order.email })
        }
        const user = await User.enrol(
          {
            ...order,
            locale: order.locale ?? DEFAULT_LOCALE,
            timeZone: DEFAULT_TIME_ZONE,
            password: User.unknownPassword(),
          },
          trx
        )
        const {
          username = null,
          phone = null,
          keystoneUrl = null,
          externalReference = null,
        } = order
        await user.merge({ username, phone, keystoneUrl, externalReference }).save()
        const secret = await UserToken.issue(user, 'reset_password', trx, { hours: LINK_HOURS })
        await AuditEvent.record(
          {
            action: 'user.created',
            organizationId: null,
            subject: user.auditSubject,
            after: { staffRole: user.staffRole },
          },
          trx
        )
        return { user, link: `${appUrl}/reset-password/${secret}` }
      })
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      throw new UsernameTaken({}, { cause: error })
    }
  },

  /**
   * Another address is asked of its owner first: until then the account counts as unverified.
   * @throws UsernameTaken
   */
  async change(user: User, { email, ...facts }: PersonFacts & { email: string }): Promise<void> {
    const { fullName, username, phone, keystoneUrl } = user
    user.merge(facts)
    if (user.$isDirty) {
      try {
        await db.transaction(async (trx) => {
          await user.useTransaction(trx).save()
          await AuditEvent.record(
            {
              action: 'user.changed',
              organizationId: null,
              subject: user.auditSubject,
              before: { fullName, username, phone, keystoneUrl },
              after: facts,
            },
            trx
          )
        })
      } catch (error) {
        user.merge({ fullName, username, phone, keystoneUrl })
        if (!isUniqueViolation(error)) throw error
        throw new UsernameTaken({}, { cause: error })
      }
    }
    if (normalizeEmail(email) !== user.email) await EmailChange.request(user, email)
  },

  /**
   * Removes the person, and organizations that were theirs alone and are empty. What they did stays in the
   * audit under their address. @throws SoleOwner while others, instances or licences would be left without an owner
   */
  async delete(user: User): Promise<void> {
    await db.transaction(async (trx) => {
      const owned = await Membership.query({ client: trx })
        .where({ user_id: user.id, role: 'owner' })
        .preload('organization')
      for (const { organization } of owned) await leave(user, organization, trx)
      const subject = user.auditSubject
      await user.useTransaction(trx).delete()
      await AuditEvent.record({ action: 'user.deleted', organizationId: null, subject }, trx)
    })
  },
}

export default UserAdministration

async function leave(
  user: User,
  organization: Organization,
  trx: TransactionClientContract
): Promise<void> {
  const others = await trx
    .from('memberships')
    .where('organization_id', organization.id)
    .whereNot('user_id', user.id)
    .select('role')
  if (others.some(({ role }) => role === 'owner')) return
  const instance = await trx
    .from('instances')
    .where('organization_id', organization.id)
    .whereNull('deleted_at')
    .first()
  const license = await trx.from('licenses').where('organization_id', organization.id).first()
  if (instance || license || others.length > 0)
    throw new SoleOwner({ organization: organization.name })
  await trx
    .from('organizations')
    .where('id', organization.id)
    .update({ deleted_at: sqlTime(DateTime.utc()) })
}
