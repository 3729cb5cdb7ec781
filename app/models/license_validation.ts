import { DateTime } from 'luxon'
import db from '@adonisjs/lucid/services/db'
import { firstCode, type ValidationCode } from '#licensing/validation'
import type License from '#models/license'

export type OnlineQuestion = { fingerprint: string | null; product: string | null }

/** What a licence is worth to an installation that asks us now; one question to the database. */
export async function validateOnline(
  license: License,
  { fingerprint, product }: OnlineQuestion
): Promise<ValidationCode> {
  const now = DateTime.utc()
  const [row] = await db.query().select(
    db.from('license_revocations').where('license_id', license.id).count('*').as('revoked'),
    db.from('license_suspensions').where('open_on', license.id).count('*').as('suspended'),
    db
      .from('activations')
      .where('license_id', license.id)
      .whereNull('deactivated_at')
      .count('*')
      .as('active'),
    db
      .from('activations')
      .where('open_on', `${license.id}:${fingerprint ?? ''}`)
      .count('*')
      .as('here')
  )
  const [active, here] = [Number(row.active), Number(row.here)]
  return firstCode({
    REVOKED: Number(row.revoked) > 0,
    SUSPENDED: Number(row.suspended) > 0,
    NOT_YET_VALID: now < license.startsAt,
    EXPIRED: now >= license.graceUntil,
    HOST_MISMATCH: Boolean(fingerprint) && active > 0 && here === 0,
    PRODUCT_MISMATCH: product !== null && product !== license.product.code,
    TOO_MANY_ACTIVATIONS: active > license.maxActivations,
    NO_ACTIVATION: active === 0,
  })
}
