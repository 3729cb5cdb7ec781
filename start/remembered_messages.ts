import { configProvider } from '@adonisjs/core'
import type { FormatterFactory, TranslationsFormatterContract } from '@adonisjs/i18n/types'
import { IntlMessageFormat } from 'intl-messageformat'

type Values = Parameters<IntlMessageFormat['format']>[0]

/** The catalogues of both languages hold fewer; whatever else should come along does not pile up. */
const KEPT = 10_000

/** What all messages share: making a plural's rules or a number's format is what Intl is slow at. */
const SHARED = {
  formatters: {
    getNumberFormat: made((locales, options?: Intl.NumberFormatOptions) => {
      return new Intl.NumberFormat(locales, options)
    }),
    getDateTimeFormat: made((locales, options?: Intl.DateTimeFormatOptions) => {
      return new Intl.DateTimeFormat(locales, options)
    }),
    getPluralRules: made((locales, options?: Intl.PluralRulesOptions) => {
      return new Intl.PluralRules(locales, options)
    }),
  },
  ignoreTag: true,
}
const LITERAL = 0
const ARGUMENT = 1

/** What is made of a message once it is parsed. */
type Written = string | ((data: Record<string, unknown>) => string)

/**
 * ICU messages as `formatters.icu()` writes them, but each parsed once. That one parses its message at every
 * call, which for a list of fifty rows is more work than all the rest of the page.
 */
export class RememberedMessages implements TranslationsFormatterContract {
  readonly name = 'icu'
  /** A text where there is nothing to fill in. */
  private readonly parsed = new Map<string, Written>()

  format(message: string, locale: string, data: Record<string, unknown> = {}): string {
    const parsed = this.parse(message, locale)
    return typeof parsed === 'string' ? parsed : parsed(data)
  }

  get size(): number {
    return this.parsed.size
  }

  private parse(message: string, locale: string): Written {
    const key = `${locale} ${message}`
    const known = this.parsed.get(key)
    if (known !== undefined) return known
    if (this.parsed.size >= KEPT) this.parsed.clear()
    const parsed = written(new IntlMessageFormat(message, locale, undefined, SHARED))
    this.parsed.set(key, parsed)
    return parsed
  }
}

/** Most messages are texts with names in them; those need no Intl, and a row of a list has several. */
function written(format: IntlMessageFormat): Written {
  const whole = (data: Record<string, unknown>) => String(format.format(data as Values))
  const parts = format.getAst()
  if (parts.every(({ type }) => type === LITERAL)) return whole({})
  const pieces: { isName: boolean; value: string }[] = []
  for (const part of parts) {
    if (part.type !== LITERAL && part.type !== ARGUMENT) return whole
    pieces.push({ isName: part.type === ARGUMENT, value: part.value })
  }
  return (data) => {
    let text = ''
    for (const { isName, value } of pieces) {
      const piece = isName ? data[value] : value
      if (typeof piece !== 'string' && typeof piece !== 'number') return whole(data)
      text += piece
    }
    return text
  }
}

/** In place of `formatters.icu()`. */
export function rememberedIcu() {
  return configProvider.create<FormatterFactory>(async () => () => new RememberedMessages())
}

/** Makes one for each language and wish, and keeps it. */
function made<Options, Made>(
  make: (locales: string | string[] | undefined, options?: Options) => Made
) {
  const known = new Map<string, Made>()
  return (locales?: string | string[], options?: Options): Made => {
    const key = options ? `${locales} ${JSON.stringify(options)}` : String(locales)
    const one = known.get(key) ?? make(locales, options)
    known.set(key, one)
    return one
  }
}
