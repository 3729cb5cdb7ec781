import { sendSealed } from '#services/post'
import type { MailJob } from '#services/queue'

export default class SendMailJob {
  static queue = 'mail'

  handle({ sealed }: MailJob): Promise<void> {
    return sendSealed(sealed)
  }
}
