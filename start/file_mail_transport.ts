import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import app from '@adonisjs/core/services/app'
import { MailResponse } from '@adonisjs/mail'
import type { MailTransportContract, NodeMailerMessage, Recipient } from '@adonisjs/mail/types'
import { createTransport } from 'nodemailer'

export const MAIL_FOLDER = app.tmpPath('mail')

/**
 * Without an SMTP server each mail becomes three files in tmp/mail: .txt to read, .html as a mail program
 * shows it, .eml as it would travel. /development/mail lists them.
 */
class FileMailTransport implements MailTransportContract {
  async send(message: NodeMailerMessage) {
    const composed = await createTransport({ streamTransport: true, buffer: true }).sendMail(
      message
    )
    const at = new Date().toISOString()
    const name = join(MAIL_FOLDER, `${at.replaceAll(':', '-')}-${randomUUID().slice(0, 8)}`)
    const head = [
      `Date: ${at}`,
      `From: ${people([message.from])}`,
      `To: ${people(message.to)}`,
      `Subject: ${message.subject ?? ''}`,
    ]
    await mkdir(MAIL_FOLDER, { recursive: true, mode: 0o700 })
    await Promise.all([
      writeFile(`${name}.eml`, composed.message as Buffer, PRIVATE),
      writeFile(`${name}.html`, String(message.html ?? ''), PRIVATE),
      // The one that is listed comes last, so that the others stand when it is seen.
    ])
    await writeFile(`${name}.txt`, `${head.join('\n')}\n\n${String(message.text ?? '')}`, PRIVATE)
    return new MailResponse(composed.messageId, composed.envelope, composed)
  }
}

const PRIVATE = { mode: 0o600 }

function people(recipients: (Recipient | undefined)[] | undefined): string {
  return (recipients ?? [])
    .filter((recipient) => recipient !== undefined)
    .map((recipient) =>
      typeof recipient === 'string' ? recipient : `${recipient.name} <${recipient.address}>`
    )
    .join(', ')
}

export function fileTransport(): MailTransportContract {
  return new FileMailTransport()
}
