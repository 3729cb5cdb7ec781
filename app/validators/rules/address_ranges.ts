import vine from '@vinejs/vine'
import ipaddr from 'ipaddr.js'
import type { FieldContext } from '@vinejs/vine/types'
import { halfWidth } from '#validators/rules/half_width'

const MAX_RANGES = 50

/** Addresses and CIDRs, one a line or separated by commas. */
const addressRanges = vine.createRule((value: unknown, _: undefined, field: FieldContext) => {
  if (typeof value !== 'string') return
  const ranges = addressRangesOf(value)
  const wrong = ranges.find((range) => !isRange(range))
  if (wrong) {
    field.report('{{ range }} is neither an address nor a network range', 'addressRanges', field, {
      range: wrong.slice(0, 60),
    })
  }
  if (ranges.length > MAX_RANGES) {
    field.report('At most {{ max }} of them', 'addressRanges.too_many', field, {
      max: MAX_RANGES,
    })
  }
  if (!wrong && ranges.length <= MAX_RANGES) field.mutate(ranges, field)
})

/** A text that becomes the list of what stands in it; an empty one may be any. */
export const allowedAddresses = () =>
  vine
    .string()
    .parse(halfWidth)
    .maxLength(4_000)
    .use(addressRanges())
    .transform((value) => value as unknown as string[])

function addressRangesOf(text: string): string[] {
  return [...new Set(text.split(/[\s,;，；]+/).filter(Boolean))]
}

function isRange(text: string): boolean {
  return text.includes('/')
    ? ipaddr.isValidCIDR(text)
    : ipaddr.IPv6.isValid(text) || ipaddr.IPv4.isValidFourPartDecimal(text)
}
