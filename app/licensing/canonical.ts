/**
 * Canonical JSON: the one way to write a signed text. An object, one member a line in an order that its kind
 * fixes, no blank anywhere, LF at each end of line, and three kinds of values: a whole number, a string without
 * control characters, a list of such strings. In a string only `"` and `\` are escaped. Any JSON parser reads
 * it, and so does a shell with nothing but sed.
 */
export type CanonicalValue = number | string | readonly string[]
export type CanonicalMembers = Readonly<Record<string, CanonicalValue>>

const MEMBER = /^"([a-z_]+)":(.*)$/u
// eslint-disable-next-line no-control-regex -- these are what a string must not hold
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/

/** @throws RangeError for a value that has no canonical form */
export function writeCanonical(members: CanonicalMembers): string {
  const lines = Object.entries(members).map(([name, value]) => `"${name}":${writeValue(value)}`)
  return `{\n${lines.join(',\n')}\n}\n`
}

/** The members in their order, or null when the text is not written in the one way. */
export function parseCanonical(text: string): CanonicalMembers | null {
  if (!text.startsWith('{\n') || !text.endsWith('\n}\n')) return null
  const members = new Map<string, CanonicalValue>()
  for (const line of text.slice(2, -3).split(',\n')) {
    const [, name, written] = MEMBER.exec(line) ?? []
    if (name === undefined || written === undefined || members.has(name)) return null
    const value = parseValue(written)
    if (value === null) return null
    members.set(name, value)
  }
  // Not by assignment: a member may be called `__proto__`.
  const read = Object.fromEntries(members)
  return isSameText(read, text) ? read : null
}

/** Whether a string may stand in a canonical text. */
export function isWritable(value: string): boolean {
  return value.isWellFormed() && !FORBIDDEN.test(value)
}

function writeValue(value: CanonicalValue): string {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('not a whole number')
    return String(value)
  }
  if (typeof value === 'string') return writeString(value)
  return `[${value.map(writeString).join(',')}]`
}

function writeString(value: string): string {
  if (!isWritable(value)) throw new RangeError('a string holds what cannot be written')
  return `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`
}

function parseValue(written: string): CanonicalValue | null {
  try {
    const value: unknown = JSON.parse(written)
    if (typeof value === 'number' || typeof value === 'string') return value
    const isList = Array.isArray(value) && value.every((item) => typeof item === 'string')
    return isList ? value : null
  } catch {
    return null
  }
}

function isSameText(members: CanonicalMembers, text: string): boolean {
  try {
    return writeCanonical(members) === text
  } catch {
    return false
  }
}
