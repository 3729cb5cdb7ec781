import vine from '@vinejs/vine'
import type { FieldContext } from '@vinejs/vine/types'

/*
| Letters of any language, signs and emoji. Neither control characters nor line ends, nothing that turns the text
| around and nothing that is not seen; but what joins letters and emoji, and chooses how they look, may stand
| behind something that is.
*/
const VISIBLE = String.raw`(?!\p{Default_Ignorable_Code_Point})[^\p{C}\p{Zl}\p{Zp}]`
const PATTERN = String.raw`^(?:${VISIBLE}[\u200c\u200d\ufe0e\ufe0f]*)+$`
const ONE_LINE = new RegExp(PATTERN, 'u')

export const isOneLine = (text: string): boolean => ONE_LINE.test(text)

export const oneLine = vine.createRule(
  (value: unknown, _options: undefined, field: FieldContext) => {
    if (typeof value !== 'string' || isOneLine(value)) return
    field.report('{{ field }} may hold only visible characters, on one line', 'oneLine', field)
  },
  { toJSONSchema: (schema) => (schema.pattern = PATTERN) }
)

/** A name, title or note: any words, on one line. Blanks alone say nothing. */
export const words = (longest: number) =>
  vine
    .string()
    .parse((value) => (typeof value === 'string' && value.trim() === '' ? null : value))
    .trim()
    .maxLength(longest)
    .use(oneLine())
