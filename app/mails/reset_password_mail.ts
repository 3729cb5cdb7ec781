import { appUrl } from '#config/app'
import { PorticoMail, type MailContent, type MailReader, type Translate } from '#mails/portico_mail'

export default class ResetPasswordMail extends PorticoMail {
  constructor(
    reader: MailReader,
    private readonly secret: string
  ) {
    super(reader)
  }

  protected content(t: Translate): MailContent {
    return {
      subject: t('mails.reset_password.subject'),
      paragraphs: [t('mails.reset_password.text')],
      action: {
        label: t('mails.reset_password.action'),
        url: `${appUrl}/reset-password/${this.secret}`,
      },
      notes: [t('mails.reset_password.note')],
    }
  }
}
