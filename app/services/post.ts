import mail from '@adonisjs/mail/services/main'
import logger from '@adonisjs/core/services/logger'
import type { MailerMessenger, NodeMailerMessage } from '@adonisjs/mail/types'
import { MAIL_QUEUE, queueNamed, type MailJob } from '#services/queue'
import { seal, unseal } from '#services/vault'

type Compiled = Parameters<MailerMessenger['queue']>[0]

const PURPOSE = 'mail'

/**
 * What `mail.sendLater` does: the worker sends, with retries. Mails carry one-time links, therefore they lie
 * in Redis sealed. While Redis is away this process sends at once, behind the request's back.
 */
export async function postLater(compiled: Compiled): Promise<void> {
  const job: MailJob = { sealed: seal(JSON.stringify(compiled.message), PURPOSE) }
  try {
    await queueNamed(MAIL_QUEUE).add('send', job, {
      attempts: 8,
      backoff: { type: 'exponential', delay: 5_000 },
      removeOnComplete: true,
      removeOnFail: { age: 7 * 24 * 3600, count: 1000 },
    })
  } catch (error) {
    logger.warn({ err: error }, 'the queue took no mail; it is sent from here')
    void send(compiled.message).catch((failure) =>
      logger.error({ err: failure, subject: compiled.message.subject }, 'a mail was not sent')
    )
  }
}

export async function sendSealed(sealed: string): Promise<void> {
  await send(JSON.parse(unseal(sealed, PURPOSE)))
}

async function send(message: NodeMailerMessage): Promise<void> {
  await mail.use().sendCompiled({ message, views: {} })
}
