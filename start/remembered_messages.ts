import { formatters } from '@adonisjs/i18n'
import { configProvider } from '@adonisjs/core'
import type { FormatterFactory, TranslationsFormatterContract } from '@adonisjs/i18n/types'

const KEPT = 5_000

/**
 * ICU messages, each parsed once. The formatter beneath parses its message at every call, which for a list of
 * fifty rows is more work than all the rest of the page. A message without gaps is its own text.
 */
class RememberedMessages implements TranslationsFormatterContract {
  readonly name: string
  private readonly known = new Map<string, string>()

  constructor(private readonly beneath: TranslationsFormatterContract) {
    this.name = beneath.name
  }

  format(message: string, locale: string, data?: Record<string, unknown>): string {
    // Two apostrophes mean one, and one before a brace hides it: those the formatter shall read.
    if (!/[{}]|''/.test(message)) return message
    const key = `${locale}\u0000${message}\u0000${JSON.stringify(data)}`
    const known = this.known.get(key)
    if (known !== undefined) return known
    const text = this.beneath.format(message, locale, data)
    if (this.known.size >= KEPT) this.known.clear()
    this.known.set(key, text)
    return text
  }
}

/** In place of `formatters.icu()`. */
export function rememberedIcu() {
  return configProvider.create<FormatterFactory>(async (app) => {
    const beneath = await formatters.icu().resolver(app)
    return (config) => new RememberedMessages(beneath(config))
  })
}
