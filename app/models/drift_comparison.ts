import { isDeepStrictEqual } from 'node:util'
import type { FoundCard, InspectedGuest, PowerState, Size } from '#drivers/contract'
import { isSameSize } from '#drivers/sizes'
import type { DriftFacts, DriftKind, WantedPower } from '#models/types'

/** What should be, of one instance that no operation is about. */
export type Expected = {
  id: number
  uid: string
  name: string
  ref: string
  size: Size
  wantedPower: WantedPower | null
  isSuspended: boolean
  addresses: string[]
  cards: ExpectedCard[]
}

/** A card beside the first one. */
export type ExpectedCard = Pick<FoundCard, 'name' | 'network' | 'macAddress' | 'addresses'>

export type Difference = {
  kind: DriftKind
  subject: string
  instanceId: number | null
  name: string
  facts: DriftFacts
}

/** As `newUid('i')` makes them. */
const OUR_STAMP = /^i[a-hjkmnp-z2-9]{14}$/

/** How one instance differs from the guest that should be it; `null`: there is none. */
export function differencesOf(expected: Expected, guest: InspectedGuest | null): Difference[] {
  const differs = (kind: DriftKind, facts: DriftFacts): Difference => ({
    kind,
    subject: expected.uid,
    instanceId: expected.id,
    name: expected.name,
    facts,
  })
  if (!guest) return [differs('missing', { wanted: { size: expected.size }, found: null })]
  const found: Difference[] = []
  if (!isSameSize(expected.size, guest.size)) {
    found.push(differs('limits', { wanted: { size: expected.size }, found: { size: guest.size } }))
  }
  const power = wantedPowerOf(expected)
  if (power !== null && isOtherPower(power, guest.power)) {
    found.push(differs('power', { wanted: { power }, found: { power: guest.power } }))
  }
  const addresses = otherAddresses(expected, guest)
  if (addresses) {
    const wanted = { addresses: expected.addresses }
    found.push(differs('addresses', { wanted, found: { addresses } }))
  }
  if (hasOtherCards(expected.cards, guest.cards)) {
    const wanted = { cards: expected.cards.map(told) }
    found.push(differs('cards', { wanted, found: { cards: guest.cards.map(told) } }))
  }
  return found
}

/** A guest that no instance is about. */
export function unknownGuest(guest: InspectedGuest): Difference {
  const { vendorState, startedAt, ...known } = guest
  return {
    kind: isOurs(guest) ? 'orphan' : 'stranger',
    subject: guest.ref,
    instanceId: null,
    name: guest.ref,
    facts: { wanted: null, found: null, guest: known },
  }
}

type Told = Pick<Difference, 'kind' | 'facts'>

/** What a person decided to hear no more of is the same as long as this is. */
export function isSameDifference(one: Told, other: Told): boolean {
  const gist = ({ kind, facts }: Told) => [
    kind,
    facts.wanted,
    facts.found,
    facts.guest?.stamp ?? null,
  ]
  return isDeepStrictEqual(gist(one), gist(other))
}

function isOurs({ stamp }: InspectedGuest): boolean {
  return stamp !== null && OUR_STAMP.test(stamp)
}

/** A suspended instance may not run, whatever was wanted of it before. */
function wantedPowerOf({ wantedPower, isSuspended }: Expected): WantedPower | null {
  return isSuspended ? 'stopped' : wantedPower
}

/** A state in between is not yet another one. */
function isOtherPower(wanted: WantedPower, found: PowerState): boolean {
  return found !== 'unknown' && found !== wanted
}

/**
 * Held against what the cluster keeps for the guest and, where that is of no help, against what the guest
 * carries; a guest that is starting carries nothing yet. null: they are as they should be.
 */
function otherAddresses(expected: Expected, guest: InspectedGuest): string[] | null {
  const { addresses: wanted, cards } = expected
  const isFour = (address: string) => !address.includes(':')
  const ofCards = new Set([...cards, ...guest.cards].flatMap(({ addresses }) => addresses))
  const carried = guest.addresses
    .map(({ address }) => address)
    .filter((address) => !ofCards.has(address))
  const assigned = guest.assigned.map(({ address }) => address)
  const isWrong = wanted.some((address) => {
    const sameFamily = (other: string) => isFour(other) === isFour(address)
    const held = assigned.filter(sameFamily)
    if (held.length > 0 && !held.includes(address)) return true
    // A guest makes itself IPv6 addresses of its own, and leases the one that is meant later.
    if (!isFour(address)) return false
    const worn = carried.filter(sameFamily)
    return guest.power === 'running' && worn.length > 0 && !worn.includes(address)
  })
  if (!isWrong) return null
  return [...new Set([...assigned, ...carried])].toSorted()
}

/** Missing, too many, or plugged into something else than they should be. */
function hasOtherCards(wanted: ExpectedCard[], found: FoundCard[]): boolean {
  if (wanted.length !== found.length) return true
  return wanted.some((card) => {
    const there = found.find(({ name }) => name === card.name)
    if (!there?.isOurs || there.network !== card.network) return true
    if (there.macAddress?.toLowerCase() !== card.macAddress?.toLowerCase()) return true
    // Where the network leaves them to the guest, the cluster holds none.
    return there.addresses.length > 0 && !isSameSet(card.addresses, there.addresses)
  })
}

const isSameSet = (some: string[], others: string[]): boolean =>
  some.length === others.length && some.every((one) => others.includes(one))

function told({ name, network, macAddress, addresses }: ExpectedCard): string {
  return [name, network, macAddress, ...addresses].filter((part) => part !== null).join(' ')
}
