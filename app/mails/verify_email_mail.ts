import { LinkMail } from '#mails/link_mail'

export default class VerifyEmailMail extends LinkMail {
  protected readonly kind = 'verify_email'
  protected readonly path = 'verify-email'
}
