import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHash,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  type KeyObject,
} from 'node:crypto'
import { armour, dearmour } from '#licensing/armour'
import { parseCanonical } from '#licensing/canonical'
import type { KeyRing } from '#licensing/key_ring'
import { isSignedBy, type Signer } from '#licensing/signing'

/** A signed text: a licence or a list of what is revoked. */
export type DocumentKind = 'LICENSE' | 'REVOCATIONS'

export type OpenedDocument =
  | { fault: 'MALFORMED' | 'UNKNOWN_KEY' | 'BAD_SIGNATURE'; text: null }
  | { fault: null; text: string }

const SIGNATURE = 'PORTICO SIGNATURE'
const ENCRYPTED = 'PORTICO ENCRYPTED LICENSE'
const labelOf = (kind: DocumentKind) => `PORTICO ${kind}`

const VERSION = 1
const IV_BYTES = 12
const TAG_BYTES = 16
const OAEP = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }

export async function signDocument(
  kind: DocumentKind,
  text: string,
  signer: Signer
): Promise<string> {
  const bytes = Buffer.from(text)
  return writeDocument(kind, text, await signer.sign(bytes))
}

/** The same bytes as when it was made, out of its text and its signature. */
export function writeDocument(kind: DocumentKind, text: string, signature: Buffer): string {
  return armour([
    { label: labelOf(kind), bytes: Buffer.from(text) },
    { label: SIGNATURE, bytes: signature },
  ])
}

/** The text and the signature of an armoured document, believed or not. */
export function splitDocument(
  kind: DocumentKind,
  document: string
): { text: string; signature: Buffer } | null {
  const [bytes, signature] = dearmour(document, [labelOf(kind), SIGNATURE]) ?? []
  if (!bytes || !signature) return null
  const text = bytes.toString('utf8')
  return Buffer.from(text).equals(bytes) ? { text, signature } : null
}

/** The text of a document, if somebody whom the ring knows has signed it. */
export function openDocument(kind: DocumentKind, document: string, ring: KeyRing): OpenedDocument {
  const fault = (code: Exclude<OpenedDocument['fault'], null>) => ({ fault: code, text: null })
  const parts = splitDocument(kind, document)
  const members = parts && parseCanonical(parts.text)
  if (!parts || !members) return fault('MALFORMED')
  if (members.kind !== kind.toLowerCase()) return fault('MALFORMED')
  const entry = typeof members.key === 'string' ? ring.get(members.key) : undefined
  if (!entry) return fault('UNKNOWN_KEY')
  const isSigned =
    members.algorithm === entry.algorithm &&
    isSignedBy(entry.key, entry.algorithm, Buffer.from(parts.text), parts.signature)
  return isSigned ? { fault: null, text: parts.text } : fault('BAD_SIGNATURE')
}

/**
 * For the eyes of one host: a key of its own under RSA-OAEP, the document under AES-256-GCM. Version, length of
 * the wrapped key, wrapped key, nonce, tag, ciphertext.
 */
export function encryptDocument(document: string, hostKey: KeyObject): string {
  const key = randomBytes(32)
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  const ciphertext = Buffer.concat([cipher.update(document, 'utf8'), cipher.final()])
  const wrapped = publicEncrypt({ key: hostKey, ...OAEP }, key)
  const head = Buffer.alloc(3)
  head.writeUInt8(VERSION)
  head.writeUInt16BE(wrapped.length, 1)
  const bytes = Buffer.concat([head, wrapped, iv, cipher.getAuthTag(), ciphertext])
  return armour([{ label: ENCRYPTED, bytes }])
}

/** null when it is for another host, or was changed on its way. */
export function decryptDocument(encrypted: string, hostKey: KeyObject): string | null {
  const [bytes] = dearmour(encrypted, [ENCRYPTED]) ?? []
  if (!bytes || bytes.length < 3 || bytes.readUInt8() !== VERSION) return null
  const ivAt = 3 + bytes.readUInt16BE(1)
  const tagAt = ivAt + IV_BYTES
  const textAt = tagAt + TAG_BYTES
  if (bytes.length <= textAt) return null
  try {
    const key = privateDecrypt({ key: hostKey, ...OAEP }, bytes.subarray(3, ivAt))
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(ivAt, tagAt))
    decipher.setAuthTag(bytes.subarray(tagAt, textAt))
    return Buffer.concat([decipher.update(bytes.subarray(textAt)), decipher.final()]).toString()
  } catch {
    return null
  }
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
