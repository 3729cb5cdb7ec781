import { HttpContext } from '@adonisjs/core/http'
import { appUrl } from '#config/app'
import { PorticoMail, type MailContent, type MailReader, type Translate } from '#mails/portico_mail'

export type SecurityNotice =
  | 'password_changed'
  | 'email_changing'
  | 'email_changed'
  | 'totp_enabled'
  | 'totp_disabled'
  | 'passkey_added'
  | 'passkey_removed'
  | 'recovery_codes_renewed'
  | 'recovery_code_used'
  | 'token_created'
  | 'ssh_key_kept'

/** Something about an account changed. Its owner hears of it, so that a stranger cannot do it in silence. */
export default class SecurityNoticeMail extends PorticoMail {
  readonly #address = HttpContext.get()?.request.ip()

  constructor(
    reader: MailReader,
    private readonly notice: SecurityNotice,
    private readonly data: Record<string, string | number> = {}
  ) {
    super(reader)
  }

  protected content(t: Translate): MailContent {
    const key = `mails.notice.${this.notice}`
    return {
      subject: t(`${key}.subject`),
      paragraphs: [t(`${key}.text`, this.data)],
      facts: this.#address ? [{ label: t('mails.notice.from'), value: this.#address }] : undefined,
      action: { label: t('mails.notice.action'), url: `${appUrl}/account/security` },
      notes: [t('mails.notice.note')],
    }
  }
}
