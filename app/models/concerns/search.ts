/**
 * What a person typed into the search of a list: `status:running ip:10.0. web` has two qualifiers and a word.
 * A value with spaces is written in quotes: `cluster:"Beijing 1"`.
 */
export class Search<Qualifier extends string> {
  private constructor(
    readonly words: readonly string[],
    readonly conditions: readonly { qualifier: Qualifier; value: string }[]
  ) {}

  /** `typed` may be anything; only `qualifiers` are conditions, everything else is a word. */
  static parse<Qualifier extends string>(
    typed: unknown,
    qualifiers: readonly Qualifier[]
  ): Search<Qualifier> {
    const words: string[] = []
    const conditions: { qualifier: Qualifier; value: string }[] = []
    const text = typeof typed === 'string' ? typed.slice(0, MAX_LENGTH) : ''
    for (const [, name, quoted, plain] of text.matchAll(PART)) {
      const value = quoted ?? plain ?? ''
      const qualifier = qualifiers.find((known) => known === name?.toLowerCase())
      if (qualifier && value) conditions.push({ qualifier, value })
      else if (!qualifier && value) words.push(name ? `${name}:${value}` : value)
    }
    return new Search(words.slice(0, MAX_PARTS), conditions.slice(0, MAX_PARTS))
  }

  values(qualifier: Qualifier): string[] {
    return this.conditions.filter((one) => one.qualifier === qualifier).map(({ value }) => value)
  }

  get isEmpty(): boolean {
    return this.words.length === 0 && this.conditions.length === 0
  }

  get text(): string {
    return [
      ...this.conditions.map(({ qualifier, value }) => `${qualifier}:${quote(value)}`),
      ...this.words.map(quote),
    ].join(' ')
  }

  /** The search as it reads when the condition at `index` is taken away. */
  withoutCondition(index: number): string {
    return new Search(
      this.words,
      this.conditions.filter((_, position) => position !== index)
    ).text
  }

  /** … and with all values of `qualifier` replaced by `value`, or dropped. */
  with(qualifier: Qualifier, value: string | null): string {
    const others = this.conditions.filter((one) => one.qualifier !== qualifier)
    return new Search(this.words, value ? [...others, { qualifier, value }] : others).text
  }
}

const PART = /(?:([a-z]+):)?(?:"([^"]*)"|([^\s"]\S*))/gi
const MAX_LENGTH = 200
const MAX_PARTS = 10

function quote(value: string): string {
  return /\s/.test(value) ? `"${value}"` : value
}

/**
 * For `like ? escape '!'`: what a person typed is taken by its letters, except that a star at its beginning
 * means "anywhere in it". (The backslash would be read differently by the two databases.)
 */
export function likePrefix(value: string): string {
  const letters = (text: string) => text.replaceAll(/[!%_]/g, (sign) => `!${sign}`)
  return value.startsWith('*') ? `%${letters(value.slice(1))}%` : `${letters(value)}%`
}
