import vine from '@vinejs/vine'
import { formatAddress, parseAddress } from '#addressing/address'
import { halfWidth } from '#validators/rules/half_width'

/** Becomes the address as it is usually written. */
export const oneAddress = () => vine.string().parse(halfWidth).trim().maxLength(45).use(address())

const address = vine.createRule((value, _options, field) => {
  const parsed = parseAddress(String(value))
  if (parsed) field.mutate(formatAddress(parsed.key, parsed.family), field)
  else field.report('{{ field }} must be an IP address', 'ipAddress', field)
})
