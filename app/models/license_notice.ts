import { DateTime } from 'luxon'
import { compose } from '@adonisjs/core/helpers'
import mail from '@adonisjs/mail/services/main'
import { LicenseNoticeSchema } from '#database/schema'
import { expiryNoticeDays } from '#config/licensing'
import LicenseExpiryMail from '#mails/license_expiry_mail'
import License from '#models/license'
import Notice from '#models/notice'
import { readersOf } from '#models/notice_preference'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { isUniqueViolation } from '#models/concerns/database_errors'
import { sqlTime } from '#models/concerns/sql'
import { transaction } from '#models/concerns/transaction'

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
      if (await LicenseNotice.tell(license, days)) sent += 1
    }
    return sent
  }

  /** The claim, the mails and the notice together: rather twice than never. */
  private static async tell(license: License, days: number): Promise<boolean> {
    const { id: licenseId, organizationId, expiresAt, name, uid } = license
    try {
      await transaction(async (trx) => {
        await LicenseNotice.create({ licenseId, organizationId, days, expiresAt }, { client: trx })
        for (const reader of await readersOf(organizationId, 'expiry', trx)) {
          await mail.sendLater(new LicenseExpiryMail(reader, license, days))
        }
        const told = { name, license: uid, days, expiresAt: expiresAt.toUTC().toISO() }
        await Notice.raise(organizationId, 'license.expiring', told, trx)
      })
      return true
    } catch (error) {
      if (isUniqueViolation(error)) return false
      throw error
    }
  }
}
