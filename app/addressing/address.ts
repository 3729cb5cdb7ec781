import ipaddr from 'ipaddr.js'

/** An IP address as a number of 128 bits, written as 32 hex digits so that text order is number order. */
export type AddressKey = string

export type ParsedAddress = { family: 4 | 6; key: AddressKey }

/** @returns null when `text` is not exactly one IPv4 (four decimal parts) or IPv6 address */
export function parseAddress(text: string): ParsedAddress | null {
  const trimmed = text.trim()
  if (ipaddr.IPv4.isValidFourPartDecimal(trimmed)) {
    return { family: 4, key: toKey(ipaddr.IPv4.parse(trimmed).toByteArray()) }
  }
  if (ipaddr.IPv6.isValid(trimmed) && !trimmed.includes('%')) {
    return { family: 6, key: toKey(ipaddr.IPv6.parse(trimmed).toByteArray()) }
  }
  return null
}

/** The usual way to write it: dotted for IPv4, shortened for IPv6. */
export function formatAddress(key: AddressKey, family: 4 | 6): string {
  const bytes = [...Buffer.from(key, 'hex')]
  return family === 4
    ? new ipaddr.IPv4(bytes.slice(12)).toString()
    : new ipaddr.IPv6(bytes).toRFC5952String()
}

export const keyToNumber = (key: AddressKey): bigint => BigInt(`0x${key}`)
export const numberToKey = (number: bigint): AddressKey => number.toString(16).padStart(32, '0')

function toKey(bytes: number[]): AddressKey {
  return Buffer.from(bytes).toString('hex').padStart(32, '0')
}
