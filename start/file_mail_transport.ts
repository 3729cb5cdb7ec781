import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import app from '@adonisjs/core/services/app'
import { MailResponse } from '@adonisjs/mail'
import type { MailTransportContract, NodeMailerMessage } from '@adonisjs/mail/types'
import { createTransport } from 'nodemailer'

export const MAIL_FOLDER = app.tmpPath('mail')

/** Without an SMTP server each mail becomes a readable .eml file in tmp/mail; /development/mail lists them. */
class FileMailTransport implements MailTransportContract {
  async send(message: NodeMailerMessage) {
    const composed = await createTransport({ streamTransport: true, buffer: true }).sendMail(
      message
    )
    const name = `${new Date().toISOString().replaceAll(':', '-')}-${randomUUID().slice(0, 8)}.eml`
    await mkdir(MAIL_FOLDER, { recursive: true, mode: 0o700 })
    await writeFile(join(MAIL_FOLDER, name), composed.message as Buffer, { mode: 0o600 })
    return new MailResponse(composed.messageId, composed.envelope, composed)
  }
}

export function fileTransport(): MailTransportContract {
  return new FileMailTransport()
}
