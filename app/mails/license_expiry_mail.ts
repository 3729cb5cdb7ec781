import { appUrl } from '#config/app'
import { PorticoMail, type MailContent, type Translate } from '#mails/portico_mail'
import type License from '#models/license'
import type User from '#models/user'

export default class LicenseExpiryMail extends PorticoMail {
  constructor(
    user: User,
    private readonly license: License,
    private readonly days: number
  ) {
    super(user)
  }

  protected content(t: Translate): MailContent {
    const { name, organization, uid, expiresAt } = this.license
    const values = { name, days: this.days, organization: organization.name }
    return {
      subject: t('licenses.mail_subject', values),
      paragraphs: [t('licenses.mail_text', values)],
      facts: [{ label: t('licenses.expires'), value: expiresAt.toUTC().toISODate()! }],
      action: {
        label: t('licenses.mail_action'),
        url: `${appUrl}/o/${organization.slug}/licenses/${uid}`,
      },
      notes: [t('licenses.mail_note')],
    }
  }
}
