import type { InstanceSpec, IpFamily, SpecAddress } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { record } from '#drivers/json'
import { at, type LxdClient } from '#drivers/lxd/client'

/** What of an instance its card has to know. */
type Plugged = Pick<InstanceSpec, 'network' | 'addresses' | 'nameservers' | 'macAddress'>

export type Nic = { device: Record<string, string>; config: Record<string, string> }

/**
 * The network card of an instance. Where the network's own DHCP hands out the addresses that were chosen,
 * that is enough; where it does not (a bridge of the host, IPv6 without stateful DHCP) the guest is told by
 * cloud-init.
 */
export async function networkFor(
  client: LxdClient,
  spec: Plugged,
  { addressFiltering }: { addressFiltering: boolean },
  name = 'eth0'
): Promise<Nic> {
  const reply = await client.find(at('networks', spec.network))
  if (reply === null) {
    throw new DriverError('not_found', `there is no network ${spec.network} on this cluster`)
  }
  const network = parseNetwork(reply.metadata)
  const card: Record<string, string> = {
    type: 'nic',
    name,
    ...place(network, spec.network),
    ...addressesOn(network, spec, addressFiltering),
  }
  if (spec.macAddress !== null) card.hwaddr = spec.macAddress
  const isLeased = spec.addresses.every(({ family }) => network.leases[family])
  return { device: card, config: isLeased ? {} : cloudInit(spec) }
}

type Network = {
  isManaged: boolean
  isBridge: boolean
  /** Whether its DHCP gives an instance the address that was chosen for it. */
  leases: Record<IpFamily, boolean>
}

function parseNetwork(value: unknown): Network {
  const { managed, type, config } = record(value)
  const options = record(config)
  const isManaged = managed === true
  const hasDhcp = isManaged && (type === 'bridge' || type === 'ovn')
  return {
    isManaged,
    isBridge: type === 'bridge',
    leases: {
      4: hasDhcp && options['ipv4.dhcp'] !== 'false',
      6: hasDhcp && options['ipv6.dhcp.stateful'] === 'true',
    },
  }
}

function place({ isManaged, isBridge }: Network, name: string): Record<string, string> {
  if (isManaged) return { network: name }
  return { nictype: isBridge ? 'bridged' : 'macvlan', parent: name }
}

/** LXD takes addresses where it leases them, and where it filters by them; else it refuses them. */
function addressesOn(
  { isManaged, isBridge, leases }: Network,
  spec: Plugged,
  addressFiltering: boolean
): Record<string, string> {
  const keys = addressKeys(spec)
  if (!isBridge || !addressFiltering) return isManaged && (leases[4] || leases[6]) ? keys : {}
  const filters: Record<string, string> = { 'security.mac_filtering': 'true' }
  for (const family of [4, 6] as const) {
    // On a bridge that is not LXD's it cannot know the address of a family that was not given one.
    if (isManaged || keys[`ipv${family}.address`]) {
      filters[`security.ipv${family}_filtering`] = 'true'
    }
  }
  return { ...filters, ...keys }
}

function addressKeys({ addresses }: Plugged): Record<string, string> {
  const keys: Record<string, string> = {}
  for (const { family, address } of addresses) {
    const key = `ipv${family}.address`
    if (keys[key]) {
      throw new DriverError('unsupported', `LXD gives an instance one IPv${family} address`)
    }
    keys[key] = address
  }
  return keys
}

function cloudInit({ addresses, nameservers }: Plugged): Record<string, string> {
  if (addresses.length === 0) return {}
  const network = {
    version: 2,
    ethernets: {
      eth0: {
        addresses: addresses.map(({ address, prefixLength }) => `${address}/${prefixLength}`),
        routes: addresses.flatMap(defaultRoute),
        nameservers: { addresses: nameservers },
      },
    },
  }
  // YAML reads JSON.
  return { 'cloud-init.network-config': JSON.stringify(network) }
}

function defaultRoute({ family, gateway }: SpecAddress): { to: string; via: string }[] {
  return gateway === null ? [] : [{ to: family === 4 ? '0.0.0.0/0' : '::/0', via: gateway }]
}
