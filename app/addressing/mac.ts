import type { AddressKey } from '#addressing/address'

/**
 * The hardware address that goes with an IPv4 address, from the range that is everybody's to use: always the
 * same, whichever instance holds it. A DHCP server that still remembers the holder before, or a neighbour
 * that does, then remembers nothing wrong.
 */
export function macFor(key: AddressKey): string {
  return `02:16:${key.slice(-8).match(/../g)!.join(':')}`
}
