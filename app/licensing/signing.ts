import {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  sign as signBytes,
  verify as verifyBytes,
  type KeyObject,
} from 'node:crypto'
import { promisify } from 'node:util'

export const SIGNING_ALGORITHMS = ['RSA-PSS-SHA256', 'Ed25519'] as const
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number]

export const RSA_BITS = [3072, 4096] as const
export const LEAST_SIGNING_BITS = 3072

/** What signs: a key in this process, or somebody elsewhere who is asked. */
export type Signer = {
  keyId: string
  algorithm: SigningAlgorithm
  sign(bytes: Buffer): Promise<Buffer>
}

export type KeyPair = { publicKey: string; privateKey: string }

const newKeyPair = promisify(generateKeyPair)
const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }

/** PEM: SPKI and PKCS#8. */
export async function generateSigningKey(
  algorithm: SigningAlgorithm,
  bits: number = LEAST_SIGNING_BITS
): Promise<KeyPair> {
  const { publicKey, privateKey } =
    algorithm === 'Ed25519'
      ? await newKeyPair('ed25519')
      : await newKeyPair('rsa', { modulusLength: bits, publicExponent: 0x10001 })
  return { publicKey: publicPem(publicKey), privateKey: privatePem(privateKey) }
}

/**
 * The algorithm that a key is for; null for one that is too weak or of another kind.
 */
export function algorithmOf(key: KeyObject): SigningAlgorithm | null {
  if (key.asymmetricKeyType === 'ed25519') return 'Ed25519'
  const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
  const isStrong = modulusLength >= LEAST_SIGNING_BITS && modulusLength <= 8192
  return key.asymmetricKeyType === 'rsa' && isStrong ? 'RSA-PSS-SHA256' : null
}

/** Named by what it is: nobody can give two keys one id. */
export function keyIdOf(publicKey: KeyObject): string {
  const der = publicKey.export({ type: 'spki', format: 'der' })
  return `k${createHash('sha256').update(der).digest('hex').slice(0, 16)}`
}

export function signerOf(privateKeyPem: string): Signer {
  const privateKey = createPrivateKey(privateKeyPem)
  const algorithm = algorithmOf(privateKey)
  if (!algorithm) throw new RangeError('no key to sign with')
  return {
    keyId: keyIdOf(createPublicKey(privateKey)),
    algorithm,
    sign: (bytes) => signWith(privateKey, algorithm, bytes),
  }
}

/** In libuv's threads: the caller's thread goes on. */
export function signWith(
  key: KeyObject,
  algorithm: SigningAlgorithm,
  bytes: Buffer
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, signature?: Buffer) =>
      error ? reject(error) : resolve(signature!)
    if (algorithm === 'Ed25519') signBytes(null, bytes, key, done)
    else signBytes('sha256', bytes, { key, ...PSS }, done)
  })
}

export function isSignedBy(
  key: KeyObject,
  algorithm: SigningAlgorithm,
  bytes: Buffer,
  signature: Buffer
): boolean {
  if (algorithmOf(key) !== algorithm) return false
  return algorithm === 'Ed25519'
    ? verifyBytes(null, bytes, key, signature)
    : verifyBytes('sha256', bytes, { key, ...PSS }, signature)
}

export function publicPem(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString()
}

export function privatePem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}
