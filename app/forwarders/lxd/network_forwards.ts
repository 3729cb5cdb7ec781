import { list, record, text, type Json } from '#drivers/json'
import { at, type LxdClient } from '#drivers/lxd/client'
import { DriverError } from '#drivers/errors'
import type { Forward } from '#forwarders/contract'
import type { Host } from '#forwarders/lxd/instances'

/** In front of our ref in the description of a port; and alone on a forward that we made. */
const MARK = 'portico:'
const TRIES = 8

/** All ports of one listen address on one network: LXD keeps them in one object. */
type Listener = {
  network: string
  address: string
  member: string | null
  description: string
  config: Json
  ports: Json[]
}

export type SignedForward = { ref: string; instance: string | null; signature: string }

/** LXD's network forwards. Ports that are not ours stand beside ours and stay as they are. */
export class NetworkForwards {
  constructor(private readonly client: LxdClient) {}

  async ensure(host: Host, forwards: Forward[]): Promise<void> {
    const groups = Object.groupBy(forwards, ({ listenAddress }) => listenAddress)
    for (const [address, group] of Object.entries(groups)) {
      const refs = group!.map(({ ref }) => ref)
      await this.change(host.network!, address, host.member, (ports) => [
        ...ports.filter((port) => !refs.includes(refOf(port) ?? '') && !givesWay(port, group!)),
        ...group!.map(portOf),
      ])
      await this.removeElsewhere(refs, { network: host.network!, address })
    }
  }

  /** … than at one place; everywhere when that is null. */
  async removeElsewhere(
    refs: string[],
    except: { network: string; address: string } | null
  ): Promise<void> {
    if (refs.length === 0) return
    for (const { network, address, member, ports } of await this.listeners()) {
      if (network === except?.network && address === except.address) continue
      if (!ports.some((port) => refs.includes(refOf(port) ?? ''))) continue
      await this.change(network, address, member, (left) =>
        left.filter((port) => !refs.includes(refOf(port) ?? ''))
      )
    }
  }

  async list(): Promise<SignedForward[]> {
    const listeners = await this.listeners()
    return listeners.flatMap(({ network, address, ports }) =>
      ports.flatMap((port) => {
        const ref = refOf(port)
        return ref === null
          ? []
          : [{ ref, instance: null, signature: sign(network, address, port) }]
      })
    )
  }

  signatureOf(host: Host, forward: Forward): string {
    return sign(host.network!, forward.listenAddress, portOf(forward))
  }

  /** Read, change, write; whoever wrote meanwhile makes us read again. */
  private async change(
    network: string,
    address: string,
    member: string | null,
    change: (ports: Json[]) => Json[]
  ): Promise<void> {
    const path = at('networks', network, 'forwards')
    const query: Record<string, string> = member === null ? {} : { target: member }
    for (let attempt = 1; ; attempt++) {
      try {
        const reply = await this.client.find(`${path}/${encodeURIComponent(address)}`, { query })
        if (reply === null) {
          const ports = change([])
          if (ports.length === 0) return
          // LXD 5.0 breaks off the connection when `config` is missing.
          const json = { listen_address: address, description: MARK, config: {}, ports }
          await this.client.request('POST', path, { query, body: { json } })
          return
        }
        const listener = parseListener(network, reply.metadata)
        const ports = change(listener.ports)
        if (JSON.stringify(ports) === JSON.stringify(listener.ports)) return
        const isOurs = listener.description === MARK
        await this.client.request(
          isOurs && ports.length === 0 ? 'DELETE' : 'PUT',
          `${path}/${encodeURIComponent(address)}`,
          {
            query,
            headers: reply.etag ? { 'if-match': reply.etag } : {},
            ...(isOurs && ports.length === 0
              ? {}
              : {
                  body: {
                    json: { description: listener.description, config: listener.config, ports },
                  },
                }),
          }
        )
        return
      } catch (error) {
        if (attempt === TRIES || !isRace(error)) throw error
      }
    }
  }

  private async listeners(): Promise<Listener[]> {
    const { metadata } = await this.client.get(at('networks'), { query: { recursion: '1' } })
    const networks = list(metadata)
      .map(record)
      .filter(({ managed, type }) => managed === true && (type === 'bridge' || type === 'ovn'))
      .map(({ name }) => text(name))
      .filter((name) => name !== null)
    const found = await Promise.all(
      networks.map(async (network) => {
        const reply = await this.client.find(at('networks', network, 'forwards'), {
          query: { recursion: '1' },
        })
        return list(reply?.metadata).map((forward) => parseListener(network, forward))
      })
    )
    return found.flat()
  }
}

function parseListener(network: string, value: unknown): Listener {
  const forward = record(value)
  const member = text(forward.location)
  return {
    network,
    address: text(forward.listen_address) ?? '',
    member: member === 'none' ? null : member,
    description: text(forward.description) ?? '',
    config: record(forward.config),
    ports: list(forward.ports).map(record),
  }
}

function portOf({ ref, protocol, firstPort, lastPort, target }: Forward): Json {
  return {
    description: `${MARK}${ref}`,
    protocol,
    listen_port: range(firstPort, lastPort),
    target_port: range(target.firstPort, target.firstPort + lastPort - firstPort),
    target_address: target.address,
  }
}

function sign(network: string, address: string, port: Json): string {
  const { protocol, listen_port: listen, target_port: target, target_address: to } = port
  return [network, address, protocol, listen, to, target].join(' ')
}

function refOf(port: Json): string | null {
  const description = text(port.description) ?? ''
  return description.startsWith(MARK) ? description.slice(MARK.length) : null
}

/** Another one of ours on a port of theirs: it was left over when the port went to somebody else. */
function givesWay(port: Json, forwards: Forward[]): boolean {
  if (refOf(port) === null) return false
  const listens = (text(port.listen_port) ?? '')
    .split(',')
    .map((part) => part.split('-').map(Number))
  return forwards.some(
    ({ protocol, firstPort, lastPort }) =>
      port.protocol === protocol &&
      listens.some(([first, last = first]) => first! <= lastPort && last! >= firstPort)
  )
}

/** Written by another meanwhile, made by another, or gone. */
function isRace(error: unknown): boolean {
  if (!(error instanceof DriverError)) return false
  if (error.kind === 'busy' || error.kind === 'not_found') return true
  return /networks_forwards|forward .*already exists/i.test(error.message)
}

const range = (first: number, last: number): string =>
  first === last ? String(first) : `${first}-${last}`
