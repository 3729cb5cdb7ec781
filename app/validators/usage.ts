import vine from '@vinejs/vine'
import { USAGE_RANGES, type UsageRange } from '#models/usage_history'

/** What a page of usage is asked for. What it does not know falls back: an old bookmark still works. */
export function usageRequest(query: Record<string, unknown>): {
  range: UsageRange
  asTable: boolean
} {
  const range = USAGE_RANGES.find((known) => known === query.range) ?? 'day'
  return { range, asTable: query.as === 'table' }
}

/** … and a program: what it does not know is refused, as in any other request. */
export const usageRangeValidator = vine.create({ range: vine.enum(USAGE_RANGES).optional() })
