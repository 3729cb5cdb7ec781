import { createHash } from 'node:crypto'
import { parseCanonical, writeCanonical } from '#licensing/canonical'
import { isMoment } from '#licensing/license_text'
import type { SigningAlgorithm } from '#licensing/signing'

export type RevocationFacts = {
  keyId: string
  algorithm: SigningAlgorithm
  /** Higher than that of every list before. */
  number: number
  thisUpdate: string
  nextUpdate: string
  /** Hashes of serials, sorted. */
  serials: readonly string[]
  /** Ids of signing keys, sorted. */
  keys: readonly string[]
}

const MEMBERS = 'kind,format,key,algorithm,number,this_update,next_update,revoked,revoked_keys'

export function writeRevocations(facts: RevocationFacts): string {
  return writeCanonical({
    kind: 'revocations',
    format: 1,
    key: facts.keyId,
    algorithm: facts.algorithm,
    number: facts.number,
    this_update: facts.thisUpdate,
    next_update: facts.nextUpdate,
    revoked: facts.serials.toSorted(),
    revoked_keys: facts.keys.toSorted(),
  })
}

export function parseRevocations(text: string): RevocationFacts | null {
  const members = parseCanonical(text)
  if (!members || Object.keys(members).join() !== MEMBERS) return null
  const { kind, format, key, algorithm, number, this_update: from, next_update: until } = members
  const { revoked, revoked_keys: keys } = members
  const isSound =
    kind === 'revocations' &&
    format === 1 &&
    typeof key === 'string' &&
    typeof algorithm === 'string' &&
    typeof number === 'number' &&
    [from, until].every((moment) => typeof moment === 'string' && isMoment(moment)) &&
    Array.isArray(revoked) &&
    Array.isArray(keys)
  if (!isSound) return null
  return {
    keyId: key,
    algorithm: algorithm as SigningAlgorithm,
    number,
    thisUpdate: from as string,
    nextUpdate: until as string,
    serials: revoked as string[],
    keys: keys as string[],
  }
}

/** The list is public and names no document: whoever holds one finds it there. */
export function hashedSerial(serial: number): string {
  return createHash('sha256').update(`portico-serial-1\n${serial}\n`).digest('hex')
}
