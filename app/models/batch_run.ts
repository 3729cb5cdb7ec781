import { DateTime } from 'luxon'
import db from '@adonisjs/lucid/services/db'
import logger from '@adonisjs/core/services/logger'
import { heartbeatMs, staleAfterMs } from '#config/operations'
import { DomainError, NotAllowedAnyMore } from '#exceptions/domain_error'
import AuditEvent from '#models/audit_event'
import Batch from '#models/batch'
import { mayAsk, RULES } from '#models/batch_deed'
import BatchItem from '#models/batch_item'
import Membership from '#models/membership'
import Operation, { WORKING_STATES } from '#models/operation'
import User from '#models/user'
import { affected, sqlTime } from '#models/concerns/sql'
import { isPassing } from '#models/concerns/database_errors'
import { Tenant } from '#models/concerns/tenant'

/** `again`: not over; come back after so many milliseconds. */
type RunResult = { done: true } | { done: false; againInMs: number }

type Result =
  | { state: 'opened'; operation_id: number }
  | { state: 'unchanged' }
  | { state: 'refused'; refusal: string; refusal_data: string }

const DONE: RunResult = { done: true }
const LOOK_MS = 500
/**
 * So many operations of one batch are open at a time: what has not begun can still be cancelled, even where a
 * deed cannot, and others need not wait behind the whole of it.
 */
const OPEN_AT_ONCE = 50

/**
 * Opens what a batch wants opened, as far as there is room, and notices its end. Safe to call at any time, from
 * any number of processes, and after any of them was killed: each item carries a request key of its own.
 */
export async function runBatch(batchId: number, shutdown: AbortSignal): Promise<RunResult> {
  try {
    return await Tenant.system('advance a batch', () => advance(batchId, shutdown))
  } catch (error) {
    if (!isPassing(error)) throw error
    logger.warn({ batchId, err: error }, 'the database is away; the batch waits for it')
    return { done: false, againInMs: LOOK_MS }
  }
}

async function advance(batchId: number, shutdown: AbortSignal): Promise<RunResult> {
  if (!(await take(batchId))) return DONE
  const batch = await Batch.query().where('id', batchId).preload('requestedBy').firstOrFail()
  try {
    await openSome(batch, shutdown)
    return (await endIfOver(batch)) ? DONE : { done: false, againInMs: LOOK_MS }
  } finally {
    await release(batchId)
  }
}

/** One at a time looks after a batch; one that says nothing for long is taken for dead. */
async function take(batchId: number): Promise<boolean> {
  const now = Date.now()
  const taken = await db
    .from('batches')
    .where('id', batchId)
    .whereNull('ended_at')
    .where((free) =>
      free.whereNull('heartbeat_at').orWhere('heartbeat_at', '<', now - staleAfterMs)
    )
    .update({ heartbeat_at: now, looked_at: now })
  return affected(taken) > 0
}

async function release(batchId: number): Promise<void> {
  await db
    .from('batches')
    .where('id', batchId)
    .update({ heartbeat_at: null, looked_at: Date.now() })
}

async function openSome(batch: Batch, shutdown: AbortSignal): Promise<void> {
  const room = OPEN_AT_ONCE - (await countOpen(batch))
  if (room <= 0) return
  const items = await waiting(batch).preload('instance').orderBy('id').limit(room)
  let beatAt = Date.now()
  for (const item of items) {
    if (shutdown.aborted) return
    // Cancelled while the ones before it were opened.
    if (!(await waiting(batch).where('id', item.id).first())) continue
    const result = await Tenant.run(item.organizationId, () => resultOf(batch, item))
    await db.from('batch_items').where('id', item.id).update(result)
    if (Date.now() - beatAt < heartbeatMs) continue
    beatAt = Date.now()
    await db.from('batches').where('id', batch.id).update({ heartbeat_at: beatAt })
  }
}

const waiting = (batch: Batch) => BatchItem.query().where({ batchId: batch.id, state: 'waiting' })

async function resultOf(batch: Batch, item: BatchItem): Promise<Result> {
  const requestKey = `batch:${batch.uid}:${item.id}`
  // Whoever opened it may have been killed before it could write that down.
  const opened = await Operation.ofRequest(item.organizationId, requestKey)
  if (opened) return { state: 'opened', operation_id: opened.id }
  try {
    const by = await whoStillMay(batch, item.organizationId)
    const operation = await AuditEvent.from(batch.origin, () =>
      RULES[batch.deed].act(item.instance, { by, requestKey, input: batch.input })
    )
    return operation ? { state: 'opened', operation_id: operation.id } : { state: 'unchanged' }
  } catch (error) {
    if (isPassing(error)) throw error
    return refused(batch, item, error)
  }
}

/** Asked again for each item: people leave and lose roles while a batch goes on. @throws NotAllowedAnyMore */
async function whoStillMay(batch: Batch, organizationId: number): Promise<User> {
  const user = batch.requestedById === null ? null : await User.find(batch.requestedById)
  if (!user || user.disabledAt) throw new NotAllowedAnyMore()
  const membership =
    batch.organizationId === null
      ? null
      : await Membership.query().where({ userId: user.id, organizationId }).first()
  const isStranger = batch.organizationId !== null && !membership
  if (isStranger || !mayAsk(batch.deed, user, membership)) throw new NotAllowedAnyMore()
  return user
}

/** A refusal is a result like any other. What nobody foresaw stands in the log, and the others go on. */
async function refused(batch: Batch, item: BatchItem, error: unknown): Promise<Result> {
  const told = error instanceof DomainError ? error : null
  const code =
    told?.code ??
    ((error as { code?: string }).code === 'E_ROW_NOT_FOUND' ? 'E_NOT_FOUND' : 'E_REFUSED')
  if (!told && code === 'E_REFUSED') {
    logger.error({ batch: batch.uid, item: item.id, err: error }, 'an item of a batch failed')
  }
  await AuditEvent.from(batch.origin, () =>
    AuditEvent.record({
      action: 'batch.refused',
      organizationId: item.organizationId,
      subject: item.instance.auditSubject,
      after: { batch: batch.uid, deed: batch.deed, code },
      outcome: 'refused',
      actor: batch.requestedBy ?? 'system',
    })
  )
  return { state: 'refused', refusal: code, refusal_data: JSON.stringify(told?.data ?? {}) }
}

async function countOpen(batch: Batch): Promise<number> {
  const [row] = await db
    .from('batch_items')
    .join('operations', 'operations.id', 'batch_items.operation_id')
    .where('batch_items.batch_id', batch.id)
    .whereIn('operations.state', [...WORKING_STATES])
    .count('* as total')
  return Number(row.total)
}

/** One that waits for a person does not keep the batch open: its own page says what is needed. */
async function endIfOver(batch: Batch): Promise<boolean> {
  if (await waiting(batch).first()) return false
  if ((await countOpen(batch)) > 0) return false
  await db
    .from('batches')
    .where('id', batch.id)
    .whereNull('ended_at')
    .update({ ended_at: sqlTime(DateTime.utc()) })
  logger.info({ batch: batch.uid }, 'batch ended')
  return true
}
