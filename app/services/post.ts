import mail from '@adonisjs/mail/services/main'
import logger from '@adonisjs/core/services/logger'
import type { MailerMessenger, NodeMailerMessage } from '@adonisjs/mail/types'
import { hasNoMailbox } from '#models/concerns/email'
import { MAIL_QUEUE, queueNamed, type MailJob } from '#services/queue'
import { seal, unseal } from '#services/vault'

type Compiled = Parameters<MailerMessenger['queue']>[0]

const PURPOSE = 'mail'

/**
 * What `mail.sendLater` does: the worker sends, with retries. Mails carry one-time links, therefore they lie
 * in Redis sealed. While Redis is away this process sends at once, behind the request's back.
 */
export async function postLater(compiled: Compiled): Promise<void> {
  if (isForNobody(compiled.message)) return
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
  if (isForNobody(message)) return
  await mail.use().sendCompiled({ message, views: {} })
}

/** Persons who gave no address have one that no mail can reach. */
function isForNobody({ to }: NodeMailerMessage): boolean {
  const addresses = [to ?? []]
    .flat()
    .map((each) => (typeof each === 'string' ? each : each.address))
  return addresses.length > 0 && addresses.every(hasNoMailbox)
}
