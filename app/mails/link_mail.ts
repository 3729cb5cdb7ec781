import { appUrl } from '#config/app'
import { PorticoMail, type MailContent, type MailReader, type Translate } from '#mails/portico_mail'

/** A mail about one thing to do, behind a link that works once. Its words stand under `mails.<kind>`. */
export abstract class LinkMail extends PorticoMail {
  protected abstract readonly kind: string
  /** What stands before the secret in the link's address. */
  protected abstract readonly path: string

  constructor(
    reader: MailReader,
    private readonly secret: string
  ) {
    super(reader)
  }

  protected content(t: Translate): MailContent {
    return {
      subject: t(`mails.${this.kind}.subject`),
      paragraphs: [t(`mails.${this.kind}.text`)],
      action: {
        label: t(`mails.${this.kind}.action`),
        url: `${appUrl}/${this.path}/${this.secret}`,
      },
      notes: [t(`mails.${this.kind}.note`)],
    }
  }
}
