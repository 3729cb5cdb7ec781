import type { Forward, ForwardProtocol } from '#forwarders/contract'

/** A destination NAT rule (端口映射) in the words of both protocols. */
export type RouterRule = {
  id: string
  isEnabled: boolean
  comment: string
  /** `all`, or names parted by commas: wan1,wan2 */
  interface: string
  lanAddress: string
  /** One port, ranges and lists: 80,443,1000-1010 */
  lanPort: string
  wanPort: string
  protocol: 'tcp' | 'udp' | 'tcp+udp'
  /** Only clients from here; empty: everybody. Ours never ask for it. */
  sourceAddress: string
}

export type NewRule = Omit<RouterRule, 'id'>

/** What ours begin with; then the cluster's label, then the forward's ref. ASCII, and short enough for 4.x. */
const MARK = 'portico'
export const ALL_INTERFACES = 'all'

export type Mark = { label: string; ref: string }

export function markOf({ comment }: Pick<RouterRule, 'comment'>): Mark | null {
  const [, label, ref] = /^portico-([a-z0-9]+)-([a-z0-9]+)$/.exec(comment) ?? []
  return label && ref ? { label, ref } : null
}

export function ruleFor(forward: Forward, label: string, listenInterface: string): NewRule {
  const { ref, protocol, firstPort, lastPort, target } = forward
  return {
    isEnabled: true,
    comment: `${MARK}-${label}-${ref}`,
    interface: listenInterface,
    lanAddress: target.address,
    lanPort: written(target.firstPort, target.firstPort + lastPort - firstPort),
    wanPort: written(firstPort, lastPort),
    protocol,
    sourceAddress: '',
  }
}

export function isSameRule(one: NewRule, other: NewRule): boolean {
  return (
    one.isEnabled === other.isEnabled &&
    one.comment === other.comment &&
    one.lanAddress === other.lanAddress &&
    one.lanPort === other.lanPort &&
    one.wanPort === other.wanPort &&
    one.protocol === other.protocol &&
    one.sourceAddress === other.sourceAddress &&
    sorted(one.interface) === sorted(other.interface)
  )
}

/** Whether a packet can meet both: the same port, protocol and interface. A rule that is off still has its ports. */
export function overlaps(one: NewRule, other: NewRule): boolean {
  return (
    protocolsOf(one).some((protocol) => protocolsOf(other).includes(protocol)) &&
    shareInterface(one.interface, other.interface) &&
    sharePort(one.wanPort, other.wanPort)
  )
}

function protocolsOf({ protocol }: NewRule): ForwardProtocol[] {
  return protocol === 'tcp+udp' ? ['tcp', 'udp'] : [protocol]
}

function shareInterface(one: string, other: string): boolean {
  const names = namesIn(one)
  const others = namesIn(other)
  return (
    names.includes(ALL_INTERFACES) ||
    others.includes(ALL_INTERFACES) ||
    names.some((name) => others.includes(name))
  )
}

/** None is all: a router that leaves it out means every one of its lines. */
function namesIn(list: string): string[] {
  const names = list.split(',').map((name) => name.trim())
  return names.some(Boolean) ? names.filter(Boolean) : [ALL_INTERFACES]
}

function sorted(list: string): string {
  return namesIn(list).sort().join(',')
}

function sharePort(one: string, other: string): boolean {
  return rangesIn(one).some(([first, last]) =>
    rangesIn(other).some(([from, to]) => first <= to && from <= last)
  )
}

/** What cannot be read is taken to be every port: nothing is placed upon what is not understood. */
function rangesIn(list: string): [first: number, last: number][] {
  return list.split(',').map((part) => {
    const [, first, last] = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part) ?? []
    return first ? [Number(first), Number(last ?? first)] : [0, 65_535]
  })
}

function written(first: number, last: number): string {
  return first === last ? String(first) : `${first}-${last}`
}
