import { createHash } from 'node:crypto'
import type { Config } from '../guest.js'
import { Refusal } from '../refusal.js'
import { without, wordsOf } from '../values.js'
import type { Routes } from './route.js'

const BASE = '/nodes/{node}/lxc/{vmid}/firewall'
const PLACE = ['node', 'vmid']
const NUMBERS = new Set(['enable', 'dhcp', 'ipfilter', 'macfilter', 'ndp', 'radv', 'nomatch'])

export const FIREWALL: Routes = {
  [`GET ${BASE}/options`]: ({ given, cluster }) => {
    const { options } = cluster.guest(given).firewall
    return { ...shown(options), digest: digestOf(options) }
  },
  [`PUT ${BASE}/options`]: ({ given, cluster }) => {
    const { options } = cluster.guest(given).firewall
    guard(given.digest, options)
    Object.assign(options, without(given, ...PLACE, 'digest', 'delete'))
    for (const key of wordsOf(given.delete)) delete options[key]
    return null
  },
  [`GET ${BASE}/rules`]: ({ given, cluster }) => {
    const { rules } = cluster.guest(given).firewall
    return rules.map((rule, pos) => ({ ...shown(rule), pos, digest: digestOf(rules) }))
  },
  [`POST ${BASE}/rules`]: ({ given, cluster }) => {
    const { rules } = cluster.guest(given).firewall
    guard(given.digest, rules)
    // Without a place it goes before all others.
    const at = Math.min(Number(given.pos ?? 0), rules.length)
    rules.splice(at, 0, without(given, ...PLACE, 'digest', 'pos'))
    return null
  },
  [`PUT ${BASE}/rules/{pos}`]: ({ given, cluster }) => {
    const { rules } = cluster.guest(given).firewall
    const { digest, pos, moveto } = given
    guard(digest, rules)
    const rule = rules[Number(pos)]
    if (!rule) throw new Refusal(500, `no rule at position ${pos}`)
    Object.assign(rule, without(given, ...PLACE, 'digest', 'pos', 'moveto', 'delete'))
    for (const key of wordsOf(given.delete)) delete rule[key]
    if (moveto) rules.splice(Number(moveto), 0, ...rules.splice(Number(pos), 1))
    return null
  },
  [`DELETE ${BASE}/rules/{pos}`]: ({ given, cluster }) => {
    const { rules } = cluster.guest(given).firewall
    guard(given.digest, rules)
    if (!rules[Number(given.pos)]) throw new Refusal(500, `no rule at position ${given.pos}`)
    rules.splice(Number(given.pos), 1)
    return null
  },
  [`GET ${BASE}/ipset`]: ({ given, cluster }) => {
    const { sets } = cluster.guest(given).firewall
    return [...sets].map(([name, entries]) => ({ name, digest: digestOf(entries) }))
  },
  [`POST ${BASE}/ipset`]: ({ given, cluster }) => {
    const { sets } = cluster.guest(given).firewall
    if (sets.has(given.name!)) throw new Refusal(500, `IPSet '${given.name}' already exists`)
    sets.set(given.name!, [])
    return null
  },
  [`GET ${BASE}/ipset/{name}`]: ({ given, cluster }) => {
    const entries = setOf(cluster.guest(given).firewall.sets, given.name!)
    return entries.map((entry) => ({ ...shown(entry), digest: digestOf(entries) }))
  },
  [`POST ${BASE}/ipset/{name}`]: ({ given, cluster }) => {
    const entry = without(given, ...PLACE, 'name')
    const entries = setOf(cluster.guest(given).firewall.sets, given.name!)
    if (entries.some(({ cidr }) => cidr === entry.cidr)) {
      throw Refusal.invalid({ cidr: `address '${entry.cidr}' already exists` })
    }
    entries.push(entry)
    return null
  },
}

function setOf(sets: Map<string, Config[]>, name: string): Config[] {
  const found = sets.get(name)
  if (!found) throw new Refusal(500, `no such IPSet '${name}'`)
  return found
}

function shown(values: Config): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, NUMBERS.has(key) ? Number(value) : value])
  )
}

/** Of nothing it is the digest of an empty file. */
function digestOf(kept: Config | Config[]): string {
  const text = Object.keys(kept).length === 0 ? '' : JSON.stringify(kept)
  return createHash('sha1').update(text).digest('hex')
}

function guard(digest: string | undefined, kept: Config | Config[]): void {
  if (digest && digest !== digestOf(kept)) {
    throw Refusal.modified()
  }
}
