import { keyToNumber, numberToKey, parseAddress, type AddressKey } from '#addressing/address'

export type Cidr = {
  family: 4 | 6
  prefixLength: number
  /** Network address. */
  firstKey: AddressKey
  /** Broadcast address in IPv4. */
  lastKey: AddressKey
}

/** @returns null when it is not `address/prefix`, or the address has bits behind the prefix */
export function parseCidr(text: string): Cidr | null {
  const [addressText, prefixText, ...rest] = text.trim().split('/')
  if (!addressText || !prefixText || rest.length > 0 || !/^\d{1,3}$/.test(prefixText)) return null
  const address = parseAddress(addressText)
  const prefixLength = Number(prefixText)
  if (!address || prefixLength > bits(address.family)) return null
  const size = 1n << BigInt(bits(address.family) - prefixLength)
  const first = keyToNumber(address.key)
  if (first % size !== 0n) return null
  return {
    family: address.family,
    prefixLength,
    firstKey: address.key,
    lastKey: numberToKey(first + size - 1n),
  }
}

export function contains(cidr: Cidr, key: AddressKey): boolean {
  return key >= cidr.firstKey && key <= cidr.lastKey
}

/**
 * What a person would hand out of a network: all but the network and broadcast address (IPv4), or the
 * subnet-router anycast address (IPv6). Networks too small for that are handed out whole.
 */
export function usableRange(cidr: Cidr): AddressRange {
  const small = bits(cidr.family) - cidr.prefixLength <= 1
  const first = keyToNumber(cidr.firstKey) + (small ? 0n : 1n)
  const last = keyToNumber(cidr.lastKey) - (small || cidr.family === 6 ? 0n : 1n)
  return { firstKey: numberToKey(first), lastKey: numberToKey(last) }
}

export type AddressRange = { firstKey: AddressKey; lastKey: AddressKey }

function bits(family: 4 | 6): number {
  return family === 4 ? 32 : 128
}
