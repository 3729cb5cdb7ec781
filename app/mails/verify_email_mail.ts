import { appUrl } from '#config/app'
import { PorticoMail, type MailContent, type MailReader, type Translate } from '#mails/portico_mail'

export default class VerifyEmailMail extends PorticoMail {
  constructor(
    reader: MailReader,
    private readonly secret: string
  ) {
    super(reader)
  }

  protected content(t: Translate): MailContent {
    return {
      subject: t('mails.verify_email.subject'),
      paragraphs: [t('mails.verify_email.text')],
      action: {
        label: t('mails.verify_email.action'),
        url: `${appUrl}/verify-email/${this.secret}`,
      },
      notes: [t('mails.verify_email.note')],
    }
  }
}
