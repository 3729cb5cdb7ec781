import type { FoundCard, InstanceKind, PowerState, RemoteInstance, Size } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { list, number, record, text, type Json } from '#drivers/json'
import { sizeOf } from '#drivers/lxd/sizes'

/** Written on what we make, and the only proof that it is ours. */
export const STAMP_KEY = 'user.portico.stamp'

/** What a retired instance had as network cards; see LxdReplacement. */
export const RETIRED_KEY = 'user.portico.cards'

/** On a further card that we attached. */
export const CARD_KEY = 'user.portico.card'

const ADDRESS_KEYS = ['ipv4.address', 'ipv6.address']

export type LxdDevices = Record<string, Record<string, string>>

/** An instance as LXD tells it, read once; `state` only where it was asked for. */
export type LxdInstance = {
  ref: string
  stamp: string | null
  status: string
  kind: InstanceKind
  architecture: string | null
  /** null: the server is not a cluster. */
  location: string | null
  /** ISO 8601; null: never started. */
  lastUsedAt: string | null
  /** Own and from profiles. */
  config: Record<string, string>
  devices: LxdDevices
  /** Those of the devices that are its own, and not a profile's. */
  ownDevices: Set<string>
  state: Json
}

export function parseInstance(value: unknown): LxdInstance {
  const instance = record(value)
  const config = strings(instance.expanded_config ?? instance.config)
  const devices = record(instance.expanded_devices ?? instance.devices)
  const location = text(instance.location)
  return {
    ref: text(instance.name) ?? '',
    stamp: text(config[STAMP_KEY]),
    status: text(instance.status) ?? 'Unknown',
    kind: instance.type === 'virtual-machine' ? 'virtual-machine' : 'container',
    architecture: text(instance.architecture),
    location: location === 'none' ? null : location,
    lastUsedAt: dateOf(instance.last_used_at),
    config,
    devices: Object.fromEntries(
      Object.entries(devices).map(([name, device]) => [name, strings(device)])
    ),
    ownDevices: new Set(Object.keys(record(instance.devices))),
    state: record(instance.state),
  }
}

/**
 * LXD writes the row of an instance first and its disk after, and a daemon that dies in between leaves the
 * row behind, stopped and not to be started. Only a create that came to its end leaves the template mark,
 * and it stays until the first start. One that was moved to another node forgets when it ran last, but not that it
 * ran. Told of our own only: an imported backup has no mark either.
 */
export function isHalfMade({ stamp, config, lastUsedAt, status }: LxdInstance): boolean {
  return (
    stamp !== null &&
    lastUsedAt === null &&
    status === 'Stopped' &&
    config['volatile.apply_template'] === undefined &&
    config['volatile.last_state.power'] === undefined
  )
}

export function rootDevice({ devices }: LxdInstance): { name: string; device: LxdDevices[string] } {
  const [name, device] = Object.entries(devices).find(
    ([, { type, path }]) => type === 'disk' && path === '/'
  ) ?? ['root', { type: 'disk', path: '/' }]
  return { name, device }
}

export function firstNic({
  devices,
}: LxdInstance): { name: string; device: LxdDevices[string] } | null {
  const nics = Object.entries(devices).filter(
    ([, device]) => device.type === 'nic' && device[CARD_KEY] === undefined
  )
  const nic = nics.find(([name]) => name === 'eth0') ?? nics[0]
  return nic ? { name: nic[0], device: nic[1] } : null
}

/** The cards that we attached beside the first one. */
export function furtherCards({ devices }: LxdInstance): [string, LxdDevices[string]][] {
  return Object.entries(devices).filter(([, device]) => device[CARD_KEY] !== undefined)
}

/** Every card of its own beside the first one, by their names. */
export function foundCards(instance: LxdInstance): FoundCard[] {
  const first = firstNic(instance)?.name
  return Object.entries(instance.devices)
    .filter(([, { type }]) => type === 'nic')
    .filter(([name]) => name !== first && instance.ownDevices.has(name))
    .map(([name, device]) => ({
      name,
      network: device.network ?? device.parent ?? null,
      macAddress: device.hwaddr ?? instance.config[`volatile.${name}.hwaddr`] ?? null,
      addresses: ADDRESS_KEYS.flatMap((key) => {
        const address = device[key]
        return address && address !== 'none' ? [address] : []
      }),
      isOurs: device[CARD_KEY] !== undefined,
    }))
    .toSorted((a, b) => a.name.localeCompare(b.name))
}

export function sizeOfInstance(instance: LxdInstance): Size {
  return sizeOf(instance.config, rootDevice(instance).device, firstNic(instance)?.device)
}

export function powerOf(instance: LxdInstance): PowerState {
  if (isHalfMade(instance)) return 'unknown'
  switch (instance.status) {
    case 'Running':
    case 'Ready':
      return 'running'
    case 'Stopped':
      return 'stopped'
    case 'Frozen':
      return 'frozen'
    default:
      return 'unknown'
  }
}

/** LXD notes the moment of every start here, also of one the guest asked for by rebooting. */
export function startedAt(instance: LxdInstance): string | null {
  const power = powerOf(instance)
  return power === 'running' || power === 'frozen' ? instance.lastUsedAt : null
}

export function toRemoteInstance(instance: LxdInstance, node: string | null): RemoteInstance {
  const nic = firstNic(instance)
  return {
    ref: instance.ref,
    stamp: instance.stamp,
    node: instance.location ?? node,
    kind: instance.kind,
    power: powerOf(instance),
    startedAt: startedAt(instance),
    size: sizeOfInstance(instance),
    addresses: addressesOf(instance),
    macAddress: nic
      ? (nic.device.hwaddr ?? instance.config[`volatile.${nic.name}.hwaddr`] ?? null)
      : null,
    vendorState: isHalfMade(instance) ? 'Incomplete' : instance.status,
  }
}

function addressesOf({ state }: LxdInstance): RemoteInstance['addresses'] {
  return Object.values(record(state.network)).flatMap((card) =>
    list(record(card).addresses)
      .map(record)
      .filter(({ scope }) => scope === 'global')
      .map(({ family, address }) => ({
        family: family === 'inet6' ? (6 as const) : (4 as const),
        address: text(address) ?? '',
      }))
  )
}

export function requireStamp(instance: LxdInstance, stamp: string): void {
  if (instance.stamp === stamp) return
  throw new DriverError('already_exists', `${instance.ref} exists on this cluster and is not ours`)
}

/** With the MAC address that LXD chose, where none was asked for. */
export function cardsOf({ devices, config }: LxdInstance): LxdDevices {
  return Object.fromEntries(
    Object.entries(devices)
      .filter(([, { type }]) => type === 'nic')
      .map(([name, device]) => {
        const hwaddr = device.hwaddr ?? config[`volatile.${name}.hwaddr`]
        return [name, { ...device, ...(hwaddr !== undefined && { hwaddr }) }]
      })
  )
}

/** null: it has its cards. */
export function retiredCards({ config }: LxdInstance): LxdDevices | null {
  const kept = text(config[RETIRED_KEY])
  if (kept === null) return null
  const cards = record(JSON.parse(kept))
  return Object.fromEntries(Object.entries(cards).map(([name, card]) => [name, strings(card)]))
}

/** LXD writes "never" as 1970 or as the year 1. */
function dateOf(value: unknown): string | null {
  const at = Date.parse(text(value) ?? '')
  return number(at) > 0 ? new Date(at).toISOString() : null
}

function strings(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record(value)).filter((entry): entry is [string, string] => {
      return typeof entry[1] === 'string'
    })
  )
}
