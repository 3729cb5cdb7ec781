import type { DateTime } from 'luxon'
import { appUrl } from '#config/app'
import { PorticoMail, type MailContent, type MailReader, type Translate } from '#mails/portico_mail'

/** A program of its reader's will be let in no longer. */
export default class TokenExpiryMail extends PorticoMail {
  constructor(
    private readonly owner: MailReader & { timeZone: string },
    private readonly token: { name: string; expiresAt: DateTime }
  ) {
    super(owner)
  }

  protected content(t: Translate): MailContent {
    const { name, expiresAt } = this.token
    const until = expiresAt.setZone(this.owner.timeZone).toFormat('yyyy-MM-dd HH:mm ZZZZ')
    return {
      subject: t('mails.token_expiry.subject', { name }),
      paragraphs: [t('mails.token_expiry.text', { name })],
      facts: [{ label: t('mails.told.until'), value: until }],
      action: { label: t('mails.token_expiry.action'), url: `${appUrl}/account/api-tokens/create` },
      notes: [t('mails.told.choose', { url: `${appUrl}/account/notifications` })],
    }
  }
}
