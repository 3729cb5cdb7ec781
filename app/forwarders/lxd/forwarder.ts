import { isIP } from 'node:net'
import { LxdClient } from '#drivers/lxd/client'
import { DriverError } from '#drivers/errors'
import type {
  Comparison,
  Forward,
  ForwarderConnection,
  ForwarderProblem,
  PlacedForward,
  PortForwarder,
} from '#forwarders/contract'
import { readInstance, readInstances, type Host } from '#forwarders/lxd/instances'
import { NetworkForwards } from '#forwarders/lxd/network_forwards'
import { ProxyDevices } from '#forwarders/lxd/proxy_devices'

/**
 * LXD's own ways. A network forward keeps the client's address and costs nothing; it works on any address but
 * the loopback's and the wildcard, and only for instances on a network that LXD manages. Everything else is a
 * proxy device of the instance: a process of the node that listens and relays.
 */
export class LxdForwarder implements PortForwarder {
  private readonly client: LxdClient
  private readonly forwards: NetworkForwards
  private readonly proxies: ProxyDevices

  constructor(private readonly connection: ForwarderConnection) {
    this.client = new LxdClient(connection.cluster)
    this.forwards = new NetworkForwards(this.client)
    this.proxies = new ProxyDevices(this.client)
  }

  async ensure(wanted: Forward[]): Promise<void> {
    for (const group of Object.values(Object.groupBy(wanted, ({ target }) => target.instance))) {
      const host = await readInstance(this.client, group![0]!.target.instance)
      if (!host) throw new DriverError('not_found', 'there is no such instance on this cluster')
      const networked = group!.filter((forward) => this.isNetworked(forward, host))
      const proxied = group!.filter((forward) => !this.isNetworked(forward, host))
      if (networked.length > 0) await this.forwards.ensure(host, networked)
      if (proxied.length > 0) await this.proxies.ensure(host, proxied)
      // It may have been carried the other way, before the address or the network changed.
      await this.forwards.removeElsewhere(refsOf(proxied), null)
      await this.proxies.remove(host.ref, refsOf(networked))
    }
  }

  async remove(placed: PlacedForward[]): Promise<void> {
    if (placed.length === 0) return
    await this.forwards.removeElsewhere(
      placed.map(({ ref }) => ref),
      null
    )
    const hanging = placed.filter(({ instance }) => instance !== null)
    const byInstance = Object.groupBy(hanging, ({ instance }) => instance!)
    for (const [instance, group] of Object.entries(byInstance)) {
      await this.proxies.remove(instance, refsOf(group!))
    }
  }

  async compare(wanted: Forward[]): Promise<Comparison> {
    const hosts = await readInstances(this.client)
    const placed = [...(await this.forwards.list()), ...this.proxies.list(hosts)]
    const known = new Set(wanted.map(({ ref }) => ref))
    const missing = wanted.filter((forward) => {
      const host = hosts.get(forward.target.instance)
      if (!host) return true
      const signature = this.isNetworked(forward, host)
        ? this.forwards.signatureOf(host, forward)
        : this.proxies.signatureOf(forward)
      const found = placed.filter(({ ref }) => ref === forward.ref)
      return found.length !== 1 || found[0]!.signature !== signature
    })
    return { missing, stray: placed.filter(({ ref }) => !known.has(ref)) }
  }

  async check(): Promise<ForwarderProblem[]> {
    await this.forwards.list()
    return []
  }

  async close(): Promise<void> {
    this.client.close()
  }

  private isNetworked({ listenAddress }: Forward, host: Host): boolean {
    const { facts } = this.connection.cluster
    const isOffered = facts === null || facts.extensions.includes('network_forward')
    return isOffered && host.network !== null && !isLoopbackOrWildcard(listenAddress)
  }
}

export function createForwarder(connection: ForwarderConnection): PortForwarder {
  return new LxdForwarder(connection)
}

function isLoopbackOrWildcard(address: string): boolean {
  if (isIP(address) === 6) return address === '::1' || address === '::'
  return address.startsWith('127.') || address === '0.0.0.0'
}

const refsOf = (forwards: { ref: string }[]): string[] => forwards.map(({ ref }) => ref)
