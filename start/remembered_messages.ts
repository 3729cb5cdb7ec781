import { configProvider } from '@adonisjs/core'
import type { FormatterFactory, TranslationsFormatterContract } from '@adonisjs/i18n/types'
import formatters from '@poppinss/intl-formatter'
import { IntlMessageFormat } from 'intl-messageformat'

type Values = Parameters<IntlMessageFormat['format']>[0]

/** The catalogues of both languages hold fewer; whatever else should come along does not pile up. */
const KEPT = 10_000

/** What all messages share: a plural's rules or a number's format are the costly things of Intl. */
const SHARED = {
  formatters: {
    getNumberFormat: formatters.number,
    getDateTimeFormat: formatters.date,
    getPluralRules: formatters.plural,
  },
  ignoreTag: true,
}

/**
 * ICU messages as `formatters.icu()` writes them, but each parsed once. That one parses its message at every
 * call, which for a list of fifty rows is more work than all the rest of the page.
 */
export class RememberedMessages implements TranslationsFormatterContract {
  readonly name = 'icu'
  private readonly parsed = new Map<string, IntlMessageFormat>()

  format(message: string, locale: string, data: Record<string, unknown> = {}): string {
    return this.parse(message, locale).format(data as Values) as string
  }

  get size(): number {
    return this.parsed.size
  }

  private parse(message: string, locale: string): IntlMessageFormat {
    const key = `${locale} ${message}`
    const known = this.parsed.get(key)
    if (known) return known
    if (this.parsed.size >= KEPT) this.parsed.clear()
    const parsed = new IntlMessageFormat(message, locale, undefined, SHARED)
    this.parsed.set(key, parsed)
    return parsed
  }
}

/** In place of `formatters.icu()`. */
export function rememberedIcu() {
  return configProvider.create<FormatterFactory>(async () => () => new RememberedMessages())
}
