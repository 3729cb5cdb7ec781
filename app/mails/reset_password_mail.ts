import { LinkMail } from '#mails/link_mail'

export default class ResetPasswordMail extends LinkMail {
  protected readonly kind = 'reset_password'
  protected readonly path = 'reset-password'
}
