import type { InstanceSpec, SpecAddress } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { record, text } from '#drivers/json'
import { at, type LxdClient } from '#drivers/lxd/client'

export type Nic = { device: Record<string, string>; config: Record<string, string> }

/** Networks of these types have LXD's own DHCP, which hands each instance the address it was given. */
const LEASING = new Set(['bridge', 'ovn'])

/**
 * The network card of an instance. On a network that LXD manages its DHCP gives the address; on one that
 * it only uses (a bridge of the host) the guest is told by cloud-init.
 */
export async function networkFor(
  client: LxdClient,
  spec: InstanceSpec,
  { addressFiltering }: { addressFiltering: boolean }
): Promise<Nic> {
  const addresses = addressKeys(spec)
  const reply = await client.find(at('networks', spec.network))
  if (reply === null) {
    throw new DriverError('not_found', `there is no network ${spec.network} on this cluster`)
  }
  const { managed, type } = record(reply.metadata)
  const kind = text(type) ?? ''
  const isBridge = kind === 'bridge'
  const filters = isBridge && addressFiltering ? FILTERS : {}
  const card: Record<string, string> = { type: 'nic', name: 'eth0', ...filters }
  if (spec.macAddress !== null) card.hwaddr = spec.macAddress
  if (managed === true) {
    const leased = LEASING.has(kind)
    return {
      device: { ...card, network: spec.network, ...(leased && addresses) },
      config: leased ? {} : cloudInit(spec),
    }
  }
  const nictype = isBridge ? 'bridged' : 'macvlan'
  return {
    // Without a filter to tell them to, LXD has no use for addresses here and refuses them.
    device: {
      ...card,
      nictype,
      parent: spec.network,
      ...(addressFiltering && isBridge && addresses),
    },
    config: cloudInit(spec),
  }
}

const FILTERS = {
  'security.mac_filtering': 'true',
  'security.ipv4_filtering': 'true',
  'security.ipv6_filtering': 'true',
}

function addressKeys({ addresses }: InstanceSpec): Record<string, string> {
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

function cloudInit({ addresses, nameservers }: InstanceSpec): Record<string, string> {
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
