import { SECRET_FIELDS } from '#start/redaction'

export type Facts = Record<string, unknown>

export const MASK = '••••••'

const MAX_STRING = 2_000
const MAX_BYTES = 60_000
const SECRET_NAMES = new Set(SECRET_FIELDS.map(plain))

/**
 * What changed, as two JSON texts: of two states only the fields that differ, of one all its fields.
 * A secret that changed is named, its value is not.
 */
export function auditChanges(
  before?: Facts | null,
  after?: Facts | null
): { before: string | null; after: string | null } {
  const was = before ? (jsonOf(before) as Facts) : null
  const is = after ? (jsonOf(after) as Facts) : null
  if (!was || !is) return { before: text(was), after: text(is) }
  const changed = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (name) => JSON.stringify(was[name]) !== JSON.stringify(is[name])
  )
  return { before: text(pick(was, changed)), after: text(pick(is, changed)) }
}

function pick(facts: Facts, names: string[]): Facts | null {
  if (names.length === 0) return null
  return Object.fromEntries(names.map((name) => [name, facts[name] ?? null]))
}

function text(facts: Facts | null): string | null {
  if (!facts) return null
  const json = JSON.stringify(masked(facts))
  const bytes = Buffer.byteLength(json)
  return bytes > MAX_BYTES ? JSON.stringify({ omitted: true, bytes }) : json
}

/** Dates, DateTimes and the like become what JSON makes of them, so that they can be compared. */
function jsonOf(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

function masked(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.length > MAX_STRING ? `${value.slice(0, MAX_STRING).toWellFormed()}…` : value
  }
  if (Array.isArray(value)) return value.map(masked)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      isSecret(name) && inner !== null ? MASK : masked(inner),
    ])
  )
}

/** `root_password`, `rootPassword` and `tokenHash` alike; what a column calls encrypted is masked as well. */
function isSecret(name: string): boolean {
  const bare = plain(name).replace(/(hash|encrypted)$/, '')
  return SECRET_NAMES.has(bare) || bare !== plain(name)
}

function plain(name: string): string {
  return name.replaceAll(/[^a-z0-9]/gi, '').toLowerCase()
}
