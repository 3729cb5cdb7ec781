import { createPublicKey, type KeyObject } from 'node:crypto'
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from '#licensing/signing'

export type RingKey = { id: string; algorithm: SigningAlgorithm; publicKey: string }

/** Public keys by their ids, as a verifier has them. */
export type KeyRing = ReadonlyMap<string, { algorithm: SigningAlgorithm; key: KeyObject }>

const HEAD = 'Portico key ring 1'
const ENTRY =
  /key: (k[0-9a-f]{16})\nalgorithm: (\S+)\n(-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\n]+\n-----END PUBLIC KEY-----\n)/g

/** One file to ship inside of a product: each key's id, its algorithm and itself as PEM. */
export function writeKeyRing(keys: readonly RingKey[]): string {
  const entries = keys.map(
    ({ id, algorithm, publicKey }) =>
      `\nkey: ${id}\nalgorithm: ${algorithm}\n${publicKey.trimEnd()}\n`
  )
  return `${HEAD}\n${entries.join('')}`
}

/** What is not an entry is not a key; a ring without keys knows nobody. */
export function parseKeyRing(text: string): KeyRing {
  const ring = new Map<string, { algorithm: SigningAlgorithm; key: KeyObject }>()
  for (const [, id, name, pem] of text.replaceAll('\r\n', '\n').matchAll(ENTRY)) {
    const algorithm = SIGNING_ALGORITHMS.find((known) => known === name)
    if (algorithm) ring.set(id!, { algorithm, key: createPublicKey(pem!) })
  }
  return ring
}
