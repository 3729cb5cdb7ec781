import type { InstanceKind, PowerState, RemoteInstance, Size, SpecAddress } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { list, record, text, type Json } from '#drivers/json'
import { notOurs } from '#drivers/proxmox/errors'

/** A tag is the only proof that a guest is ours. */
const STAMP_TAG = 'portico-'
/** Before the card of a guest that is set aside, on a line of its own in its notes. */
const KEPT_CARD = 'portico-card: '
/** MiB/s in one Mbit/s. */
const MIB_PER_MBIT = 125_000 / 2 ** 20
const GIB: Record<string, number> = { K: 2 ** -20, M: 2 ** -10, G: 1, T: 2 ** 10 }

/** A container as its node tells it. */
export type ProxmoxGuest = {
  ref: string
  node: string
  kind: InstanceKind
  stamp: string | null
  tags: string[]
  /** What is going on with it, e.g. `create`, `backup`; null: nothing. */
  lock: string | null
  isRunning: boolean
  /** ISO 8601, exact to a second. */
  startedAt: string | null
  /** What its root disk holds; null: not counted, as while it does not run. */
  diskBytes: number | null
  config: Record<string, string>
  /** Of the configuration: a change that names another one is refused. */
  digest: string | null
}

/** `status`: of the guest now; `date`: when it was told. */
export function parseGuest(
  place: { ref: string; node: string },
  config: unknown,
  status: unknown,
  date: string | null
): ProxmoxGuest {
  const told = record(status)
  const written = strings(record(config))
  const tags = tagsIn(written.tags)
  const isRunning = told.status === 'running'
  return {
    ...place,
    kind: 'container',
    stamp: stampIn(tags),
    tags,
    lock: text(told.lock) ?? text(written.lock),
    isRunning,
    startedAt: isRunning ? startOf(numeric(told.uptime), date) : null,
    diskBytes: isRunning ? numeric(told.disk) || null : null,
    config: written,
    digest: text(written.digest),
  }
}

export function tagsIn(tags: unknown): string[] {
  return (text(tags) ?? '').split(/[;, ]+/).filter(Boolean)
}

export function stampIn(tags: string[]): string | null {
  return tags.find((tag) => tag.startsWith(STAMP_TAG))?.slice(STAMP_TAG.length) ?? null
}

/** With that stamp instead of any; null: without. */
export function restamped(tags: string[], stamp: string | null): string {
  const others = tags.filter((tag) => !tag.startsWith(STAMP_TAG))
  return (stamp === null ? others : [...others, stampTag(stamp)]).join(';')
}

export function stampTag(stamp: string): string {
  if (/^[a-z0-9][a-z0-9_.-]{0,100}$/.test(stamp)) return `${STAMP_TAG}${stamp}`
  throw new DriverError('invalid', 'a stamp has lower-case letters, digits, dots and hyphens')
}

export function requireStamp(guest: ProxmoxGuest, stamp: string): void {
  if (guest.stamp !== stamp) throw notOurs(guest.ref)
}

export function powerOf({ lock, isRunning }: ProxmoxGuest): PowerState {
  if (lock === 'create') return 'unknown'
  return isRunning ? 'running' : 'stopped'
}

export function sizeOf({ config }: ProxmoxGuest): Size {
  const rate = Number(cardOf(config).get('rate') ?? 0)
  const mbps = rate > 0 ? Math.round(rate / MIB_PER_MBIT) : null
  return {
    cpus: Number(config.cores ?? 0),
    memoryMib: Number(config.memory ?? 512),
    diskGib: diskGib(config.rootfs),
    ingressMbps: mbps,
    egressMbps: mbps,
  }
}

/** One number limits a card both ways. */
export function rateOf({ ingressMbps, egressMbps }: Size): string | null {
  if (ingressMbps !== egressMbps) {
    throw new DriverError(
      'unsupported',
      'Proxmox VE limits a network card alike in both directions: give the plan one bandwidth for both'
    )
  }
  return ingressMbps === null ? null : (ingressMbps * MIB_PER_MBIT).toFixed(4)
}

/** The first network card, `name=eth0,bridge=vmbr0,…`, as pairs. */
export function cardOf({ net0 }: Record<string, string>): Map<string, string> {
  const pairs = (net0 ?? '').split(',').filter(Boolean)
  return new Map(pairs.map((pair) => pair.split('=', 2) as [string, string]))
}

export function cardText(card: Map<string, string>): string {
  return [...card].map(([key, value]) => `${key}=${value}`).join(',')
}

/** What its card was before it was set aside; null: it is not. */
export function keptCard(guest: ProxmoxGuest): string | null {
  const line = notesOf(guest).find((each) => each.startsWith(KEPT_CARD))
  return line?.slice(KEPT_CARD.length) ?? null
}

/** Its notes with that card instead of any; null: without. */
export function withKeptCard(guest: ProxmoxGuest, card: string | null): string {
  const others = notesOf(guest).filter((line) => !line.startsWith(KEPT_CARD))
  return [...others, ...(card === null ? [] : [`${KEPT_CARD}${card}`])].join('\n')
}

function notesOf({ config }: ProxmoxGuest): string[] {
  return (config.description ?? '').trimEnd().split('\n').filter(Boolean)
}

/** The bridge, and behind a colon the VLAN: `vmbr0`, `vmbr0:20`. */
export function networkOf(card: Map<string, string>): string | null {
  const bridge = card.get('bridge')
  const tag = card.get('tag')
  return bridge ? (tag ? `${bridge}:${tag}` : bridge) : null
}

export function bridgeOf(network: string): { bridge: string; tag: string | null } {
  const [bridge, tag] = network.split(':', 2)
  return { bridge: bridge!, tag: tag ?? null }
}

/** `ip`, `gw`, `ip6`, `gw6`. */
export function addressKeys(addresses: SpecAddress[]): Record<string, string> {
  const keys: Record<string, string> = {}
  for (const { family, address, prefixLength, gateway } of addresses) {
    const [ip, gw] = family === 4 ? ['ip', 'gw'] : ['ip6', 'gw6']
    if (keys[ip]) {
      throw new DriverError('unsupported', `Proxmox VE gives a card one IPv${family} address`)
    }
    keys[ip] = `${address}/${prefixLength}`
    if (gateway !== null) keys[gw] = gateway
  }
  return keys
}

/** Addresses the cluster holds for it. */
export function assignedTo({ config }: ProxmoxGuest): RemoteInstance['addresses'] {
  const card = cardOf(config)
  return ([4, 6] as const).flatMap((family) => {
    const [address] = (card.get(family === 4 ? 'ip' : 'ip6') ?? '').split('/')
    return address && /[.:]/.test(address) ? [{ family, address }] : []
  })
}

/** `addresses`: those its interfaces carry. */
export function toRemoteInstance(
  guest: ProxmoxGuest,
  addresses: RemoteInstance['addresses']
): RemoteInstance {
  return {
    ref: guest.ref,
    stamp: guest.stamp,
    node: guest.node,
    kind: guest.kind,
    power: powerOf(guest),
    startedAt: powerOf(guest) === 'running' ? guest.startedAt : null,
    size: sizeOf(guest),
    addresses,
    macAddress: cardOf(guest.config).get('hwaddr')?.toLowerCase() ?? null,
    vendorState: guest.lock ?? (guest.isRunning ? 'running' : 'stopped'),
  }
}

/** Of `GET interfaces`: without loopback and link-local. */
export function addressesIn(interfaces: unknown): RemoteInstance['addresses'] {
  return list(interfaces)
    .map(record)
    .filter(({ name }) => name !== 'lo')
    .flatMap(({ inet, inet6 }) => {
      const four = text(inet)?.split('/')[0]
      const six = text(inet6)?.split('/')[0]
      return [
        ...(four ? [{ family: 4 as const, address: four }] : []),
        ...(six && !/^fe[89ab]/i.test(six) ? [{ family: 6 as const, address: six }] : []),
      ]
    })
}

/** A number, also where one comes as text. */
export function numeric(value: unknown): number {
  const number = Number(value)
  return Number.isFinite(number) ? number : 0
}

/** Both clocks are the node's own and tell whole seconds. */
function startOf(uptime: number, date: string | null): string | null {
  const now = Date.parse(date ?? '')
  if (Number.isNaN(now)) return null
  // Right after a start it is below nothing for a moment.
  return new Date(now - Math.max(0, uptime) * 1_000).toISOString()
}

/** 0: none is written. */
export function diskGib(volume: string | undefined): number {
  const [, amount, unit] = /(?:^|,)size=(\d+(?:\.\d+)?)([KMGT])?/.exec(volume ?? '') ?? []
  return amount === undefined ? 0 : Number(amount) * (unit ? GIB[unit]! : 2 ** -30)
}

function strings(config: Json): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
      .map(([key, value]) => [key, String(value)])
  )
}
