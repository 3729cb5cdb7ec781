import { appUrl } from '#config/app'
import { PorticoMail, type MailContent, type MailReader, type Translate } from '#mails/portico_mail'

/** To the new address of somebody who moves. */
export default class ConfirmEmailMail extends PorticoMail {
  constructor(
    mover: MailReader,
    newEmail: string,
    private readonly secret: string
  ) {
    super({ email: newEmail, locale: mover.locale })
  }

  protected content(t: Translate): MailContent {
    return {
      subject: t('mails.confirm_email.subject'),
      paragraphs: [t('mails.confirm_email.text')],
      action: {
        label: t('mails.confirm_email.action'),
        url: `${appUrl}/confirm-email/${this.secret}`,
      },
      notes: [t('mails.confirm_email.note')],
    }
  }
}
