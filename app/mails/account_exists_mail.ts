import { appUrl } from '#config/app'
import { PorticoMail, type MailContent, type Translate } from '#mails/portico_mail'

/** To the owner of an address that somebody wanted a new account for. */
export default class AccountExistsMail extends PorticoMail {
  protected content(t: Translate): MailContent {
    return {
      subject: t('mails.account_exists.subject'),
      paragraphs: [t('mails.account_exists.text'), t('mails.account_exists.forgotten')],
      action: { label: t('mails.account_exists.action'), url: `${appUrl}/sign-in` },
      notes: [t('mails.account_exists.note')],
    }
  }
}
