import { createHash } from 'node:crypto'
import type { Forward, ForwardProtocol } from '#forwarders/contract'

/*
| What stands in the firewall, as iptables-save tells it and iptables-restore takes it. Nothing here does I/O.
| Three chains are ours, named after the cluster, and one jump to each from a chain of the kernel:
|
|   nat     PREROUTING, OUTPUT → portico-<label>-nat   where a packet leads
|   nat     POSTROUTING        → portico-<label>-src   only while instances shall see the node's address
|   filter  FORWARD            → portico-<label>-fwd   lets pass what was led, whatever the policy is
|
| Every rule of ours carries `portico:<ref>:<digest of the rule>`. Of other chains we read and write nothing
| but our own jumps.
*/

export type Family = 4 | 6
export const TABLES = ['filter', 'nat'] as const
export type Table = (typeof TABLES)[number]

/** A rule as iptables-save prints it behind `-A <chain> `. */
export type SavedRule = { table: Table; chain: string; spec: string }

export type Saved = {
  chains: Set<string>
  rules: SavedRule[]
  /** Of the chains that iptables has by itself, by `table chain`. */
  policies: Map<string, string>
}

export type Layout = {
  label: string
  listenInterface: string | null
  masquerade: boolean
}

/** One line of a script. */
type Line = { table: Table; text: string }

type Chains = { nat: string; src: string; fwd: string }

/** Which ports of ours a rule of the nat chain leads. */
type Listening = { ref: string; protocol: string; address: string; first: number; last: number }

const REF = /^[a-z][a-z0-9]{1,39}$/
const LABEL = /^[a-z0-9]{1,16}$/
const INTERFACE = /^[A-Za-z0-9_.:-]{1,15}$/
const COMMENT = /--comment "?portico:([a-z0-9]+):([0-9a-f]{12})"?/

/** At most 28 characters are a chain's name. */
export function chainsOf(label: string): Chains {
  const [nat, src, fwd] = ['nat', 'src', 'fwd'].map((part) => `portico-${label}-${part}`)
  return { nat: nat!, src: src!, fwd: fwd! }
}

export function parseSaved(text: string): Saved {
  const saved: Saved = { chains: new Set(), rules: [], policies: new Map() }
  let table: Table | null = null
  for (const line of text.split('\n')) {
    const [, name] = /^\*(\w+)/.exec(line) ?? []
    if (name) table = TABLES.find((known) => known === name) ?? null
    if (!table) continue
    const [, declared, policy] = /^:(\S+)(?: (\S+))?/.exec(line) ?? []
    if (declared) saved.chains.add(`${table} ${declared}`)
    if (declared && policy) saved.policies.set(`${table} ${declared}`, policy)
    const [, chain, spec] = /^-A (\S+) (.*)$/.exec(line) ?? []
    if (chain && spec) saved.rules.push({ table, chain, spec })
  }
  return saved
}

/** Which forward a rule of ours belongs to; null: none, or not ours. */
export function refOf({ spec }: SavedRule): string | null {
  return COMMENT.exec(spec)?.[1] ?? null
}

/** The rules by which one forward is carried. */
export function rulesOf(forward: Forward, layout: Layout): SavedRule[] {
  requireSafe(forward, layout)
  const { nat, src, fwd } = chainsOf(layout.label)
  const bits = forward.listenAddress.includes(':') ? 128 : 32
  const { protocol, listenAddress, target } = forward
  const rules = pieces(forward).flatMap(({ ports, to }) => [
    marked(
      'nat',
      nat,
      forward.ref,
      `-d ${listenAddress}/${bits} -p ${protocol} -m ${protocol} --dport ${ports}`,
      `-j DNAT --to-destination ${to}`
    ),
    marked(
      'filter',
      fwd,
      forward.ref,
      `-p ${protocol} -m conntrack --ctstate DNAT --ctorigdst ${listenAddress} --ctorigdstport ${ports}`,
      '-j ACCEPT'
    ),
  ])
  if (!layout.masquerade) return rules
  const led = `-d ${target.address}/${bits} -p ${protocol} -m conntrack --ctstate DNAT --ctorigdst ${listenAddress} --ctorigdstport ${portsText(forward.firstPort, forward.lastPort)}`
  return [...rules, marked('nat', src, forward.ref, led, '-j MASQUERADE')]
}

/** From the chains of the kernel to ours. */
export function jumpsOf({ label, listenInterface, masquerade }: Layout): SavedRule[] {
  const { nat, src, fwd } = chainsOf(label)
  const mark = `-m comment --comment portico:${label}`
  const arriving = listenInterface ? `-i ${listenInterface} ` : ''
  return [
    { table: 'nat', chain: 'PREROUTING', spec: `${arriving}${mark} -j ${nat}` },
    { table: 'nat', chain: 'OUTPUT', spec: `${mark} -j ${nat}` },
    ...(masquerade
      ? [{ table: 'nat' as const, chain: 'POSTROUTING', spec: `${mark} -j ${src}` }]
      : []),
    { table: 'filter', chain: 'FORWARD', spec: `${mark} -j ${fwd}` },
  ]
}

/**
 * What iptables-restore has to be told so that these forwards are carried, and those are not; null: nothing.
 * The filter comes first, so that nothing is led before it may pass.
 */
export function planOf(
  saved: Saved,
  layout: Layout,
  { add = [], remove = [] }: { add?: Forward[]; remove?: string[] }
): string | null {
  const ours = oursIn(saved, layout.label)
  const wanted = add.flatMap((forward) => rulesOf(forward, layout))
  const lines: Line[] = [
    ...(add.length > 0 ? [...missingChains(saved, layout), ...jumpChanges(saved, layout)] : []),
    ...outdatedRules(ours, wanted, outdatedRefs(ours, add, remove)),
    ...without(wanted, ours).map(({ table, chain, spec }) => ({
      table,
      text: `-A ${chain} ${spec}`,
    })),
  ]
  const script = TABLES.map((table) => lines.filter((line) => line.table === table))
    .filter((part) => part.length > 0)
    .map((part) => [`*${part[0]!.table}`, ...part.map(({ text }) => text), 'COMMIT', ''].join('\n'))
    .join('')
  return script === '' ? null : script
}

function missingChains(saved: Saved, { label, masquerade }: Layout): Line[] {
  const { nat, src, fwd } = chainsOf(label)
  const needed: { table: Table; chain: string }[] = [
    { table: 'nat', chain: nat },
    ...(masquerade ? [{ table: 'nat' as const, chain: src }] : []),
    { table: 'filter', chain: fwd },
  ]
  return needed
    .filter(({ table, chain }) => !saved.chains.has(`${table} ${chain}`))
    .map(({ table, chain }) => ({ table, text: `-N ${chain}` }))
}

/** A jump that reads otherwise, for another interface, goes; one that is not there comes. */
function jumpChanges(saved: Saved, layout: Layout): Line[] {
  return jumpsOf(layout).flatMap((jump) => {
    const { table, chain, spec } = jump
    const leading = saved.rules.filter(
      (rule) => rule.table === table && rule.chain === chain && targetOf(rule) === targetOf(jump)
    )
    const others = leading.filter((rule) => bare(rule.spec) !== bare(spec))
    const gone = others.map((rule) => ({ table, text: `-D ${chain} ${rule.spec}` }))
    if (others.length < leading.length) return gone
    // Before what others refuse; where packets lead, our ports are nobody else's.
    return [...gone, { table, text: `${chain === 'FORWARD' ? '-I' : '-A'} ${chain} ${spec}` }]
  })
}

function outdatedRules(ours: SavedRule[], wanted: SavedRule[], refs: Set<string>): Line[] {
  return without(ours, wanted)
    .filter((rule) => refs.has(refOf(rule) ?? ''))
    .map(({ table, chain, spec }) => ({ table, text: `-D ${chain} ${spec}` }))
}

/** Rules that are not among the others. */
function without(rules: SavedRule[], others: SavedRule[]): SavedRule[] {
  const keys = new Set(others.map(keyOf))
  return rules.filter((rule) => !keys.has(keyOf(rule)))
}

function oursIn(saved: Saved, label: string): SavedRule[] {
  const chains = Object.values(chainsOf(label))
  return saved.rules.filter(({ chain }) => chains.includes(chain))
}

/** Of these forwards, those whose rules are not all there, or that nothing jumps to. */
export function missingOf(saved: Saved, layout: Layout, wanted: Forward[]): Forward[] {
  const known = new Set(saved.rules.map(keyOf))
  const isReached = jumpsOf(layout).every((jump) =>
    saved.rules.some(
      ({ table, chain, spec }) =>
        table === jump.table && chain === jump.chain && bare(spec) === bare(jump.spec)
    )
  )
  if (!isReached) return wanted
  return wanted.filter((forward) =>
    rulesOf(forward, layout).some((each) => !known.has(keyOf(each)))
  )
}

/** Refs that stand in our chains. */
export function placedRefs(saved: Saved, label: string): Set<string> {
  const refs = oursIn(saved, label).map(refOf)
  return new Set(refs.filter((ref) => ref !== null))
}

/** Those to go, those that are told anew, and others of ours that hold a port which is now another's. */
function outdatedRefs(ours: SavedRule[], add: Forward[], remove: string[]): Set<string> {
  const outdated = new Set([...remove, ...add.map(({ ref }) => ref)])
  const listening = ours.map(listeningOf).filter((entry) => entry !== null)
  for (const { ref, protocol, address, first, last } of listening) {
    const isTaken = add.some(
      (forward) =>
        forward.protocol === protocol &&
        forward.listenAddress === address &&
        forward.firstPort <= last &&
        forward.lastPort >= first
    )
    if (isTaken) outdated.add(ref)
  }
  return outdated
}

function listeningOf(saved: SavedRule): Listening | null {
  const ref = refOf(saved)
  const [, address, protocol, first, last = first] =
    /^-d ([0-9a-f.:]+)\/(?:32|128) -p (tcp|udp) .*--dport (\d+)(?::(\d+))?/.exec(saved.spec) ?? []
  if (!ref || !address || !protocol) return null
  return { ref, protocol, address, first: Number(first), last: Number(last) }
}

/**
 * A range that leads to the same ports is one rule. Others are one for each port: older kernels and programs
 * shift ranges wrongly or not at all.
 */
function pieces({ firstPort, lastPort, target }: Forward): { ports: string; to: string }[] {
  const host = target.address.includes(':') ? `[${target.address}]` : target.address
  if (target.firstPort === firstPort) {
    return [{ ports: portsText(firstPort, lastPort), to: target.address }]
  }
  return Array.from({ length: lastPort - firstPort + 1 }, (_, index) => ({
    ports: String(firstPort + index),
    to: `${host}:${target.firstPort + index}`,
  }))
}

function marked(
  table: Table,
  chain: string,
  ref: string,
  match: string,
  target: string
): SavedRule {
  const digest = createHash('sha256').update(`${match} ${target}`).digest('hex').slice(0, 12)
  const comment = `-m comment --comment portico:${ref}:${digest}`
  return { table, chain, spec: `${match} ${comment} ${target}` }
}

/** By its mark: the same rule is printed in other words by other versions. */
function keyOf({ table, chain, spec }: SavedRule): string {
  const [, ref, digest] = COMMENT.exec(spec) ?? []
  return `${table} ${chain} ${ref}:${digest}`
}

const portsText = (first: number, last: number): string =>
  first === last ? String(first) : `${first}:${last}`

const bare = (spec: string): string => spec.replaceAll('"', '')

const targetOf = ({ spec }: { spec: string }): string => /-j (\S+)/.exec(spec)?.[1] ?? ''

/** Whatever was let through before: nothing but these letters comes near a firewall. */
function requireSafe(forward: Forward, { label, listenInterface }: Layout): void {
  const { ref, protocol, listenAddress, firstPort, lastPort, target } = forward
  const protocols: readonly ForwardProtocol[] = ['tcp', 'udp']
  const isSafe =
    REF.test(ref) &&
    LABEL.test(label) &&
    (listenInterface === null || INTERFACE.test(listenInterface)) &&
    protocols.includes(protocol) &&
    [listenAddress, target.address].every((address) => /^[0-9a-f.:]{2,39}$/.test(address)) &&
    [firstPort, lastPort, target.firstPort, target.firstPort + lastPort - firstPort].every(
      (port) => Number.isInteger(port) && port >= 1 && port <= 65_535
    ) &&
    firstPort <= lastPort
  if (!isSafe) throw new TypeError(`the forward ${JSON.stringify(forward)} is not well-formed`)
}
