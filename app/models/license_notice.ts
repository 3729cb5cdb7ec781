import { DateTime } from 'luxon'
import { compose } from '@adonisjs/core/helpers'
import mail from '@adonisjs/mail/services/main'
import { LicenseNoticeSchema } from '#database/schema'
import { expiryNoticeDays } from '#config/licensing'
import LicenseExpiryMail from '#mails/license_expiry_mail'
import License from '#models/license'
import Membership from '#models/membership'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { isUniqueViolation } from '#models/concerns/database_errors'
import { sqlTime } from '#models/concerns/sql'

/** That its holder was told when a licence ends; the unique key says it once. */
export default class LicenseNotice extends compose(LicenseNoticeSchema, BelongsToOrganization) {
  /** Tells owners and admins of what ends soon: each once for each of the days ahead. */
  static async sendDue(): Promise<number> {
    let sent = 0
    const now = DateTime.utc()
    const furthest = Math.max(...expiryNoticeDays)
    const licenses = await License.query()
      .where('expires_at', '>', sqlTime(now))
      .where('expires_at', '<=', sqlTime(now.plus({ days: furthest })))
      .whereNotExists((query) =>
        query.from('license_revocations').whereColumn('license_id', 'licenses.id')
      )
      .preload('organization')
      .orderBy('id')
    for (const license of licenses) {
      const left = license.expiresAt.diff(now, 'days').days
      const days = Math.min(...expiryNoticeDays.filter((ahead) => left <= ahead))
      if (await LicenseNotice.claim(license, days)) {
        await LicenseNotice.tell(license, days)
        sent += 1
      }
    }
    return sent
  }

  private static async claim(license: License, days: number): Promise<boolean> {
    const { id: licenseId, organizationId, expiresAt } = license
    try {
      await LicenseNotice.create({ licenseId, organizationId, days, expiresAt })
      return true
    } catch (error) {
      if (isUniqueViolation(error)) return false
      throw error
    }
  }

  private static async tell(license: License, days: number): Promise<void> {
    const readers = await Membership.query()
      .where('organization_id', license.organizationId)
      .whereIn('role', ['owner', 'admin'])
      .preload('user')
    for (const { user } of readers) await mail.sendLater(new LicenseExpiryMail(user, license, days))
  }
}
