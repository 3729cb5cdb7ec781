import { hkdfSync } from 'node:crypto'
import env from '#start/env'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DERIVED_BYTES = 32

/** How long a visitor from a billing system may stay. */
export const visitLimits = {
  /** Between the press of the button there and the opening of the link. */
  linkMs: 60 * SECOND,
  /** A visit without a page asked for has ended. */
  idleMs: 30 * MINUTE,
  /** However busy it was. */
  absoluteMs: 4 * HOUR,
  /** `last seen` is written this often at most. */
  seenEveryMs: MINUTE,
  /** So long the link counts as proof of identity, for root passwords, keys and snapshots. */
  confirmedMs: 15 * MINUTE,
}

/** Signs the links. */
export const visitLinkKey = new Uint8Array(
  hkdfSync('sha256', env.get('APP_KEY').release(), '', 'portico visit link', DERIVED_BYTES)
)
