import env from '#start/env'
import { defineConfig, transports } from '@adonisjs/mail'
import type { InferMailers } from '@adonisjs/mail/types'
import { fileTransport } from '../start/file_mail_transport.js'

export const mailsLandInFiles = !env.get('SMTP_HOST')

const mailConfig = defineConfig({
  default: mailsLandInFiles ? 'file' : 'smtp',
  from: env.get('MAIL_FROM') || 'Portico <portico@localhost>',
  mailers: {
    smtp: transports.smtp({
      host: env.get('SMTP_HOST') || '127.0.0.1',
      port: env.get('SMTP_PORT', 587),
      secure: env.get('SMTP_TLS') === 'tls',
      requireTLS: env.get('SMTP_TLS', 'starttls') === 'starttls',
      ignoreTLS: env.get('SMTP_TLS') === 'none',
      auth: env.get('SMTP_USER')
        ? {
            type: 'login',
            user: env.get('SMTP_USER')!,
            pass: env.get('SMTP_PASSWORD')?.release() ?? '',
          }
        : undefined,
    }),
    file: () => fileTransport(),
  },
})

export default mailConfig

declare module '@adonisjs/mail/types' {
  export interface MailersList extends InferMailers<typeof mailConfig> {}
}
