import edge from 'edge.js'
import { BaseMail } from '@adonisjs/mail'
import i18nManager from '@adonisjs/i18n/services/main'
import { appUrl } from '#config/app'
import { DEFAULT_LOCALE, LOCALES, type Locale } from '#config/i18n'

export type MailReader = { email: string; locale: string }

export type MailContent = {
  subject: string
  paragraphs: string[]
  action?: { label: string; url: string }
  facts?: { label: string; value: string }[]
  /** Quiet words below: how long a link holds, and what to do when one did not ask for it. */
  notes?: string[]
}

export type Translate = (key: string, data?: Record<string, string | number | Date>) => string

/** A mail in its reader's language, as text and as HTML that say the same. */
export abstract class PorticoMail extends BaseMail {
  constructor(protected readonly reader: MailReader) {
    super()
  }

  protected abstract content(t: Translate): MailContent

  async prepare() {
    const locale = localeOf(this.reader)
    const i18n = i18nManager.locale(locale)
    const t: Translate = (key, data) => i18n.t(key, data)
    const content = this.content(t)
    const footer = t('mails.footer', { url: appUrl })
    this.message
      .to(this.reader.email)
      .subject(content.subject)
      .header('Auto-Submitted', 'auto-generated')
      .text(asText(content, footer))
      .html(await edge.render('mails/message', { ...content, locale, footer, appUrl }))
  }
}

function localeOf({ locale }: MailReader): Locale {
  return LOCALES.find((known) => known === locale) ?? DEFAULT_LOCALE
}

function asText({ paragraphs, action, facts, notes }: MailContent, footer: string): string {
  const blocks = [
    ...paragraphs,
    ...(facts ? [facts.map(({ label, value }) => `${label}: ${value}`).join('\n')] : []),
    ...(action ? [`${action.label}:\n${action.url}`] : []),
    ...(notes ?? []),
    `-- \n${footer}`,
  ]
  return `${blocks.join('\n\n')}\n`
}
