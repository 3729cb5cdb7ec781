import vine from '@vinejs/vine'
import { halfWidth } from '#validators/rules/half_width'

const LONGEST = 40
/** Thousands may be apart by a comma or a blank. Neither 0x16 nor 1e3 is how a person writes a number. */
const WRITTEN = /^[+-]?(?:\d+|\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+)(?:\.\d+)?$/

/** A number as a program sends it or a person types it; an empty field says none. */
export const number = () => vine.number().parse(typed)

/** … without a fraction. */
export const whole = () => number().withoutDecimals()

/** What another field of the form holds, as it was sent; NaN when that is no number. */
export function numberIn(value: unknown): number {
  const read = typed(value)
  return typeof read === 'number' ? read : Number.NaN
}

/** NaN is what the type itself refuses as no number. */
function typed(value: unknown): unknown {
  if (value === undefined || value === null) return value
  // Nothing else counts as one: `[]` would become 0 and `true` 1. And 0 has no sign.
  if (typeof value === 'number') return value === 0 ? 0 : value
  if (typeof value !== 'string') return Number.NaN
  const text = (halfWidth(value.slice(0, LONGEST + 1)) as string).trim()
  if (text === '' && value.length <= LONGEST) return null
  if (text.length > LONGEST || !WRITTEN.test(text)) return Number.NaN
  return Number(text.replaceAll(/[, ]/g, '')) || 0
}
