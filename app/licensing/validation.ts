import { openDocument } from '#licensing/document'
import type { KeyRing } from '#licensing/key_ring'
import { parseLicense, type LicenseFacts } from '#licensing/license_text'
import { hashedSerial, parseRevocations } from '#licensing/revocation_list'

/**
 * All answers there are, in their precedence: of several that hold, the first is given. Offline verifiers
 * never give those that only the portal can know.
 */
export const VALIDATION_CODES = [
  'NOT_FOUND',
  'MALFORMED',
  'UNKNOWN_KEY',
  'BAD_SIGNATURE',
  'REVOKED',
  'SUSPENDED',
  'NOT_YET_VALID',
  'EXPIRED',
  'HOST_MISMATCH',
  'PRODUCT_MISMATCH',
  'TOO_MANY_ACTIVATIONS',
  'NO_ACTIVATION',
  'CLOCK_BACK',
  'VALID',
] as const
export type ValidationCode = (typeof VALIDATION_CODES)[number]

export type Question = {
  ring: KeyRing
  /** `2026-11-21T13:00:00Z`. */
  now: string
  /** Fingerprint of this host; null: not asked. */
  host?: string | null
  product?: string | null
  /** A signed list; null: none at hand. */
  revocations?: string | null
  /** The latest moment that was ever seen here. */
  lastSeen?: string | null
}

export type Answer = {
  code: ValidationCode
  /** What the document says; null when nobody whom the ring knows has said it. */
  facts: LicenseFacts | null
  /** Past its expiry, and still taken for good. */
  isInGrace: boolean
}

/** The first that holds; VALID when none does. */
export function firstCode(findings: Partial<Record<ValidationCode, boolean>>): ValidationCode {
  return VALIDATION_CODES.find((code) => findings[code]) ?? 'VALID'
}

/** What a document is worth at this moment, on this host. */
export function validateDocument(document: string, question: Question): Answer {
  const opened = openDocument('LICENSE', document, question.ring)
  if (opened.fault) return { code: opened.fault, facts: null, isInGrace: false }
  const facts = parseLicense(opened.text)
  if (!facts) return { code: 'MALFORMED', facts: null, isInGrace: false }
  const revoked = revocation(facts, question)
  if (revoked.fault) return { code: revoked.fault, facts: null, isInGrace: false }
  // A clock that was set back counts as if it had stood still.
  const { host, product, lastSeen } = question
  const isBack = Boolean(lastSeen && question.now < lastSeen)
  const now = isBack ? lastSeen! : question.now
  const code = firstCode({
    REVOKED: revoked.holds,
    NOT_YET_VALID: now < facts.notBefore,
    EXPIRED: now >= facts.graceUntil,
    HOST_MISMATCH: Boolean(host && host !== facts.host),
    PRODUCT_MISMATCH: Boolean(product && product !== facts.product),
    CLOCK_BACK: isBack,
  })
  return { code, facts, isInGrace: code === 'VALID' && now >= facts.expiresAt }
}

/** A list that nobody we know has signed is as bad as such a licence. */
function revocation({ serial, keyId }: LicenseFacts, { revocations, ring }: Question) {
  if (!revocations) return { fault: null, holds: false }
  const opened = openDocument('REVOCATIONS', revocations, ring)
  if (opened.fault) return { fault: opened.fault, holds: false }
  const list = parseRevocations(opened.text)
  if (!list) return { fault: 'MALFORMED' as const, holds: false }
  const holds = list.keys.includes(keyId) || list.serials.includes(hashedSerial(serial))
  return { fault: null, holds }
}
