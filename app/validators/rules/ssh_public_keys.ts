import vine from '@vinejs/vine'
import type { FieldContext } from '@vinejs/vine/types'
import { isOneLine } from '#validators/rules/words'

const MAX_KEYS = 20
/** Characters, of all of them. */
export const LONGEST_KEYS = 40_000
const MIN_RSA_BITS = 2048
const TYPES = new Set([
  'ssh-ed25519',
  'ssh-rsa',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
])

type Flaw = 'private' | 'malformed' | 'type' | 'weak' | 'too_many'

/** OpenSSH public keys, one a line. */
export const sshPublicKeys = vine.createRule(
  (value: unknown, _: undefined, field: FieldContext) => {
    if (typeof value !== 'string') return
    const { flaw, line } = readKeys(value)
    if (flaw) field.report(MESSAGES[flaw], `sshPublicKeys.${flaw}`, field, { line, max: MAX_KEYS })
  }
)

/** A text that becomes lines fit for authorized_keys. */
export const publicKeys = () =>
  vine.string().maxLength(LONGEST_KEYS).use(sshPublicKeys()).transform(publicKeysOf)

/** Of a text that the rule has let pass: lines fit for authorized_keys, none twice. */
export function publicKeysOf(text: string): string[] {
  return readKeys(text).keys
}

const MESSAGES: Record<Flaw, string> = {
  private: 'Line {{ line }} is a private key',
  malformed: 'Line {{ line }} is not a public key',
  type: 'Line {{ line }} is a key of a kind that is not accepted',
  weak: 'Line {{ line }} is an RSA key that is too short',
  too_many: 'At most {{ max }} keys',
}

function readKeys(text: string): { keys: string[]; flaw?: Flaw; line?: number } {
  const keys = new Set<string>()
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const entry = raw.trim()
    if (entry === '' || entry.startsWith('#')) continue
    const flaw = flawOf(entry)
    if (flaw) return { keys: [], flaw, line: index + 1 }
    keys.add(entry)
  }
  return keys.size > MAX_KEYS ? { keys: [], flaw: 'too_many' } : { keys: [...keys] }
}

/** Options before the type (`command="…"`) are not taken: they are not what a newcomer means. */
function flawOf(entry: string): Flaw | null {
  if (/PRIVATE KEY/.test(entry)) return 'private'
  // A comment is kept as it is, so nothing in it may end the line, move a terminal's cursor or turn the text around.
  if (entry.length > 16_384 || !isOneLine(entry.replaceAll('\t', ' '))) return 'malformed'
  const [type = '', base64 = ''] = entry.split(/[ \t]+/)
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return 'malformed'
  const fields = blobFields(Buffer.from(base64, 'base64'))
  if (!fields || fields[0]?.toString('latin1') !== type) return 'malformed'
  if (!TYPES.has(type)) return 'type'
  return type === 'ssh-rsa' && bits(fields[2]) < MIN_RSA_BITS ? 'weak' : null
}

/** The length-prefixed fields of a key; null when the lengths do not add up. */
function blobFields(blob: Buffer): Buffer[] | null {
  const fields: Buffer[] = []
  let at = 0
  while (at + 4 <= blob.length) {
    const length = blob.readUInt32BE(at)
    if (at + 4 + length > blob.length) return null
    fields.push(blob.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return at === blob.length && fields.length >= 2 ? fields : null
}

function bits(modulus: Buffer | undefined): number {
  const digits = modulus?.toString('hex').replace(/^0+/, '') ?? ''
  return digits ? (digits.length - 1) * 4 + Number.parseInt(digits[0]!, 16).toString(2).length : 0
}
