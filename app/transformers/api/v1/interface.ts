import type Address from '#models/address'
import type Instance from '#models/instance'
import type Interface from '#models/interface'
import type { NetworkChoice } from '#models/interface'
import type Operation from '#models/operation'
import { interfaceState, type InterfaceState } from '#transformers/interface'

/** The card it was made with; it stays as long as the instance does. Needs `addresses` with their pools. */
export function apiFirstInterface({ addresses, macAddress, createdAt }: Instance) {
  return {
    uid: null as string | null,
    name: 'eth0',
    network: (addresses[0]?.addressPool.network ?? null) as string | null,
    mac_address: macAddress,
    addresses: addresses.map(apiAddress),
    state: 'attached' as InterfaceState,
    created_at: createdAt.toISO(),
  }
}

/** `open`: the operation that is open on its instance. */
export function apiInterface(
  card: Interface,
  open: Operation | null
): ReturnType<typeof apiFirstInterface> {
  return {
    uid: card.uid,
    name: card.name,
    network: card.network.name,
    mac_address: card.macAddress,
    addresses: card.addresses.map(apiAddress),
    state: interfaceState(card, open),
    created_at: card.createdAt.toISO(),
  }
}

/** What may be asked for, and of which families it brings an address. */
export function apiNetworkChoice({ network, families }: NetworkChoice) {
  return { name: network.name, families }
}

const apiAddress = ({ family, address }: Address) => ({ family, address })
