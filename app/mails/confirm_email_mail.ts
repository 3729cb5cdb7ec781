import { LinkMail } from '#mails/link_mail'
import type { MailReader } from '#mails/portico_mail'

/** To the new address of somebody who moves. */
export default class ConfirmEmailMail extends LinkMail {
  protected readonly kind = 'confirm_email'
  protected readonly path = 'confirm-email'

  constructor(mover: MailReader, newEmail: string, secret: string) {
    super({ email: newEmail, locale: mover.locale }, secret)
  }
}
