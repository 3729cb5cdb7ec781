import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { credentialKeyRing } from '#config/encryption'

const FORMAT = 'v1'

/**
 * Encrypts lasting secrets for the database: `v1.keyId.iv.tag.ciphertext`, AES-256-GCM, base64url.
 * `purpose` is authenticated with it, so that a value moved to another column or row does not open.
 */
export function seal(value: string, purpose: string): string {
  const { id, key } = credentialKeyRing[0]!
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(Buffer.from(purpose))
  const ciphertext = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()])
  return [FORMAT, id, iv, cipher.getAuthTag(), ciphertext]
    .map((part) => (typeof part === 'string' ? part : part.toString('base64url')))
    .join('.')
}

/** @throws Error when the key is gone, or the value was changed or sealed for another purpose */
export function unseal(sealed: string, purpose: string): string {
  const [format, id, iv, tag, ciphertext] = sealed.split('.')
  const entry = credentialKeyRing.find((key) => key.id === id)
  if (format !== FORMAT || !iv || !tag || ciphertext === undefined) {
    throw new Error('a sealed value is malformed')
  }
  if (!entry) throw new Error(`CREDENTIAL_KEYS has no key "${id}" to open a sealed value`)
  const decipher = createDecipheriv('aes-256-gcm', entry.key, Buffer.from(iv, 'base64url'))
  decipher.setAAD(Buffer.from(purpose))
  decipher.setAuthTag(Buffer.from(tag, 'base64url'))
  return Buffer.concat([
    decipher.update(Buffer.from(ciphertext, 'base64url')),
    decipher.final(),
  ]).toString('utf8')
}

/** Whether the value is sealed under the current key. */
export function isSealedWithCurrentKey(sealed: string): boolean {
  return keyIdOf(sealed) === credentialKeyRing[0]!.id
}

/** The id of the key that opens it. */
export function keyIdOf(sealed: string): string {
  return sealed.split('.')[1] ?? ''
}
