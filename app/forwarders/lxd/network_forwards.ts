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

  /**
   * LXD looks at the ETag before it writes, but not while: of two who write at the same moment one is lost
   * without a word. So within a process they queue, and each looks whether what it wrote is still there.
   */
  private change(
    network: string,
    address: string,
    member: string | null,
    change: (ports: Json[]) => Json[]
  ): Promise<void> {
    const key = [this.client.where, this.client.project, network, address].join(' ')
    const turn = (queues.get(key) ?? Promise.resolve()).then(async () => {
      const place = new Listening(this.client, network, address, member)
      for (let attempt = 1; attempt <= TRIES; attempt++) {
        try {
          if (await place.isAlready(change)) return
        } catch (error) {
          if (attempt === TRIES || !isRace(error)) throw error
        }
      }
      throw new DriverError('busy', `the forwards on ${address} are being changed by somebody else`)
    })
    const ended = turn.catch(() => {})
    queues.set(key, ended)
    void ended.then(() => queues.get(key) === ended && queues.delete(key))
    return turn
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

/** Who waits to write to which listen address. */
const queues = new Map<string, Promise<void>>()

/** One listen address on one network, to be read and written. */
class Listening {
  private readonly path: string
  private readonly query: Record<string, string>

  constructor(
    private readonly client: LxdClient,
    private readonly network: string,
    private readonly address: string,
    member: string | null
  ) {
    this.path = at('networks', network, 'forwards')
    this.query = member === null ? {} : { target: member }
  }

  /** Whether the ports are as wanted; if not, they are written, and have to be looked at again. */
  async isAlready(change: (ports: Json[]) => Json[]): Promise<boolean> {
    const own = `${this.path}/${encodeURIComponent(this.address)}`
    const reply = await this.client.find(own, { query: this.query })
    if (reply === null) return this.begin(change([]))
    const { ports, description, config } = parseListener(this.network, reply.metadata)
    const wanted = change(ports)
    if (isSame(ports, wanted)) return true
    const headers: Record<string, string> = reply.etag ? { 'if-match': reply.etag } : {}
    if (description === MARK && wanted.length === 0) {
      await this.client.request('DELETE', own, { query: this.query, headers })
      return false
    }
    const body = { json: { description, config, ports: wanted } }
    await this.client.request('PUT', own, { query: this.query, headers, body })
    return false
  }

  private async begin(ports: Json[]): Promise<boolean> {
    if (ports.length === 0) return true
    // LXD 5.0 breaks off the connection when `config` is missing.
    const json = { listen_address: this.address, description: MARK, config: {}, ports }
    await this.client.request('POST', this.path, { query: this.query, body: { json } })
    return false
  }
}

/** LXD keeps no order of its own. */
function isSame(ports: Json[], wanted: Json[]): boolean {
  const told = (each: Json[]) =>
    each.map((port) => JSON.stringify(Object.entries(port).toSorted())).toSorted()
  return told(ports).join() === told(wanted).join()
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
