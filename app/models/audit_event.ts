import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash } from 'node:crypto'
import { DateTime } from 'luxon'
import { beforeDelete, beforeUpdate, belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { compose } from '@adonisjs/core/helpers'
import { HttpContext } from '@adonisjs/core/http'
import db from '@adonisjs/lucid/services/db'
import logger from '@adonisjs/core/services/logger'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { AuditEventSchema } from '#database/schema'
import Organization from '#models/organization'
import User from '#models/user'
import { auditChanges, type Facts } from '#models/concerns/audit_changes'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { newUid } from '#models/concerns/uid'
import type { ActorKind, AuditAction, AuditOrigin, AuditOutcome } from '#models/types'

export type AuditSubject = { kind: string; uid: string; label: string }

export type AuditActor = User | 'system' | { anonymous: string } | { billingKey: string }

export type AuditRecord = {
  /** Its text is `audit.<action>`. */
  action: AuditAction
  /** Whose chain it belongs to; null: the platform's. */
  organizationId: number | null
  subject: AuditSubject | null
  before?: Facts | null
  after?: Facts | null
  /** succeeded, unless told otherwise. */
  outcome?: AuditOutcome
  /** Who is signed in or which key calls, else `system`, unless told otherwise. */
  actor?: AuditActor
}

export const PLATFORM_CHAIN = 'platform'
/** What the first event of a chain names as the one before it. */
export const FIRST_HASH = '0'.repeat(64)

/** In the order in which they are hashed. Adding one means a new chain. */
const HASHED_COLUMNS = [
  'uid',
  'chain',
  'position',
  'organization_id',
  'actor_kind',
  'actor_id',
  'actor_label',
  'as_staff',
  'action',
  'outcome',
  'subject_kind',
  'subject_uid',
  'subject_label',
  'ip_address',
  'user_agent',
  'request_id',
  'before',
  'after',
  'occurred_at',
  'previous_hash',
] as const

const NOWHERE: AuditOrigin = { asStaff: false, ipAddress: null, userAgent: null, requestId: null }
const origins = new AsyncLocalStorage<AuditOrigin>()

export type AuditRow = Record<(typeof HASHED_COLUMNS)[number], string | number | boolean | null>

/**
 * Who did what, to what, from where. Rows are only ever added; each carries the hash of the one before it
 * in its chain, so that a row that is changed, removed or slipped in later breaks the chain.
 */
export default class AuditEvent extends compose(AuditEventSchema, BelongsToOrganization) {
  @belongsTo(() => Organization)
  declare organization: BelongsTo<typeof Organization>

  @beforeUpdate()
  @beforeDelete()
  static refuse() {
    throw new Error('audit events are only ever added')
  }

  /**
   * Adds an event: inside the caller's transaction, so that it stands exactly when the change does, or in
   * one of its own. It locks its chain until the transaction ends: record last.
   */
  static async record(event: AuditRecord, trx?: TransactionClientContract): Promise<void> {
    return trx ? append(event, trx) : db.transaction((own) => append(event, own))
  }

  /** From where the current request comes, for what is done later in its name. */
  static origin(): AuditOrigin {
    const ctx = HttpContext.get()
    if (!ctx) return origins.getStore() ?? NOWHERE
    return {
      asStaff: ctx.actsAsStaff === true,
      ipAddress: ctx.request.ip(),
      userAgent: fit(ctx.request.header('user-agent') ?? '', 400),
      requestId: fit(ctx.request.id() ?? '', 64),
    }
  }

  /** Records what `work` does as if it were done by the request from which it was asked for. */
  static from<T>(origin: AuditOrigin, work: () => Promise<T>): Promise<T> {
    return origins.run(origin, work)
  }
}

/** Both databases hand a row over a little differently; its bytes must not depend on that. */
export function auditHash(row: AuditRow): string {
  const values = HASHED_COLUMNS.map((column) =>
    column === 'as_staff' ? Boolean(row[column]) : row[column]
  )
  return createHash('sha256').update(JSON.stringify(values)).digest('hex')
}

async function append(event: AuditRecord, trx: TransactionClientContract): Promise<void> {
  const chain = await chainOf(event.organizationId, trx)
  // Counting is also what locks the chain: the next one waits here until this transaction has ended.
  await trx
    .insertQuery()
    .table('audit_chains')
    .insert({ chain, length: 1, hash: FIRST_HASH })
    .onConflict('chain')
    .merge({ length: trx.raw('audit_chains.length + 1') })
  const head = await trx
    .from('audit_chains')
    .where('chain', chain)
    .select('length', 'hash')
    .forUpdate()
    .firstOrFail()

  const row: AuditRow = {
    uid: newUid('e'),
    chain,
    position: Number(head.length),
    organization_id: event.organizationId,
    ...whoAndWhere(event.actor),
    action: event.action,
    outcome: event.outcome ?? 'succeeded',
    subject_kind: event.subject?.kind ?? null,
    subject_uid: event.subject?.uid ?? null,
    subject_label: event.subject ? fit(event.subject.label, 120) : null,
    ...auditChanges(event.before, event.after),
    occurred_at: DateTime.utc().toISO(),
    previous_hash: head.hash,
  }
  const hash = auditHash(row)
  await trx.table('audit_events').insert({ ...row, hash })
  await trx.from('audit_chains').where('chain', chain).update({ hash })
  // Outside the database the head is out of reach of whoever can write to it.
  trx.after('commit', () => {
    logger.info({ chain, position: row.position, hash, action: event.action }, 'audit')
  })
}

async function chainOf(
  organizationId: number | null,
  trx: TransactionClientContract
): Promise<string> {
  if (organizationId === null) return PLATFORM_CHAIN
  const walked = HttpContext.get()?.organization
  if (walked?.id === organizationId) return walked.uid
  const row = await trx
    .from('organizations')
    .where('id', organizationId)
    .select('uid')
    .firstOrFail()
  return row.uid
}

type WhoAndWhere = Pick<
  AuditRow,
  | 'actor_kind'
  | 'actor_id'
  | 'actor_label'
  | 'as_staff'
  | 'ip_address'
  | 'user_agent'
  | 'request_id'
>

function whoAndWhere(told: AuditActor | undefined): WhoAndWhere {
  const ctx = HttpContext.get()
  const actor =
    told ??
    ctx?.visit?.auditActor ??
    ctx?.auth?.user ??
    keyOf(ctx) ??
    (ctx ? { anonymous: '' } : 'system')
  const { asStaff, ipAddress, userAgent, requestId } = AuditEvent.origin()
  const who = (kind: ActorKind, id: number | null, label: string) => ({
    actor_kind: kind,
    actor_id: id,
    actor_label: fit(label, 254),
    as_staff: kind === 'user' && asStaff,
    ip_address: ipAddress,
    user_agent: userAgent,
    request_id: requestId,
  })
  if (actor === 'system') return who('system', null, 'system')
  if (actor instanceof User) {
    const byToken = ctx?.auth?.authenticatedViaGuard === 'api'
    return who(byToken ? 'token' : 'user', actor.id, actor.email)
  }
  if ('billingKey' in actor) return who('billing_key', null, actor.billingKey)
  return who('anonymous', null, actor.anonymous)
}

function keyOf(ctx: HttpContext | null): AuditActor | undefined {
  return ctx?.billingKey ? { billingKey: ctx.billingKey.label } : undefined
}

/** As much as the column takes, and nothing that the database would write down differently. */
function fit(value: string, length: number): string {
  return value.slice(0, length).toWellFormed()
}
