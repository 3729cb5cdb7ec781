import type { ModelQueryBuilderContract } from '@adonisjs/lucid/types/model'
import type { DateTime } from 'luxon'
import AuditEvent from '#models/audit_event'
import Organization from '#models/organization'
import { keysetPage, type Cursor, type KeysetPage } from '#models/concerns/keyset'
import { likePrefix } from '#models/concerns/search'
import type { AuditOutcome } from '#models/types'

export type AuditFilter = {
  /** E-mail, or its beginning. */
  actor?: string
  action?: string
  subject?: string
  outcome?: AuditOutcome
  from?: DateTime
  until?: DateTime
}

const PAGE_SIZE = 50

/** The events of one organization, newest first. */
export function organizationLog(
  organization: Organization,
  filter: AuditFilter,
  cursor: Cursor
): Promise<KeysetPage<AuditEvent>> {
  const query = AuditEvent.query().where('organization_id', organization.id)
  // Who of the staff it was is not told, so it cannot be searched for either.
  if (filter.actor) query.where('as_staff', false)
  return page(query, filter, cursor)
}

/** … and of all chains, for staff; `chain` is a slug, or `platform`. */
export async function platformLog(
  filter: AuditFilter & { chain?: string },
  cursor: Cursor
): Promise<KeysetPage<AuditEvent>> {
  const query = AuditEvent.query().preload('organization')
  if (filter.chain === 'platform') query.whereNull('organization_id')
  else if (filter.chain) {
    const organization = await Organization.query()
      .where('slug', filter.chain)
      .orWhere('uid', filter.chain)
      .first()
    query.where('organization_id', organization?.id ?? 0)
  }
  return page(query, filter, cursor)
}

function page(
  query: ModelQueryBuilderContract<typeof AuditEvent, AuditEvent>,
  filter: AuditFilter,
  cursor: Cursor
): Promise<KeysetPage<AuditEvent>> {
  const { actor, action, subject, outcome, from, until } = filter
  if (actor) query.whereRaw("actor_label like ? escape '!'", [likePrefix(actor)])
  if (action) query.where('action', action)
  if (subject) {
    query.where((any) => any.where('subject_uid', subject).orWhere('subject_label', subject))
  }
  if (outcome) query.where('outcome', outcome)
  if (from) query.where('occurred_at', '>=', from.toUTC().toISO()!)
  if (until) query.where('occurred_at', '<', until.toUTC().toISO()!)
  const order = { columns: ['id'], descending: true, keyOf: ({ id }: AuditEvent) => [id] }
  return keysetPage(query, order, cursor, PAGE_SIZE, (narrowed) => narrowed)
}
