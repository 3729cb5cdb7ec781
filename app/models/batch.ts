import { DateTime } from 'luxon'
import { beforeCreate, belongsTo, hasMany } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import type { BelongsTo, HasMany } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { staleAfterMs } from '#config/operations'
import { BatchSchema } from '#database/schema'
import { NothingChosen, NotPossibleNow } from '#exceptions/domain_error'
import AuditEvent from '#models/audit_event'
import BatchItem from '#models/batch_item'
import Operation from '#models/operation'
import Organization from '#models/organization'
import User from '#models/user'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { isUniqueViolation } from '#models/concerns/database_errors'
import { affected, chunked, sqlTime } from '#models/concerns/sql'
import { transaction } from '#models/concerns/transaction'
import { newUid } from '#models/concerns/uid'
import type { AuditAction, BatchDeed, BatchInput } from '#models/types'
import * as queue from '#services/queue'

/** A batch that nobody looked after for this long is told to the workers again. */
const FORGOTTEN_MS = Math.max(2_000, staleAfterMs / 4)

type Wanted = {
  deed: BatchDeed
  input?: BatchInput
  by: User
  requestKey?: string | null
  retryOf?: Batch | null
}

type Subject = { id: number; organization_id: number }

/**
 * One deed asked for many instances. Each of them gets the very operation that the single deed would open, or a
 * refusal; what became of the whole is never written down but read from those.
 */
export default class Batch extends compose(BatchSchema, BelongsToOrganization) {
  @belongsTo(() => Organization)
  declare organization: BelongsTo<typeof Organization>

  @belongsTo(() => User, { foreignKey: 'requestedById' })
  declare requestedBy: BelongsTo<typeof User>

  @belongsTo(() => Batch, { foreignKey: 'retryOfId' })
  declare retryOf: BelongsTo<typeof Batch>

  @hasMany(() => BatchItem)
  declare items: HasMany<typeof BatchItem>

  @beforeCreate()
  static assignUid(batch: Batch) {
    batch.uid ??= newUid('b')
  }

  /** Accepts it; the workers do the rest. Asked twice with one key, done once. `organization` null: of staff. */
  static async order(
    organization: Organization | null,
    subjects: Subject[],
    wanted: Wanted
  ): Promise<Batch> {
    if (subjects.length === 0) throw new NothingChosen()
    try {
      return await transaction((trx) => Batch.accept(organization, subjects, wanted, trx))
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      return Batch.query()
        .where('requested_by_id', wanted.by.id)
        .where('request_key', wanted.requestKey ?? '')
        .firstOrFail()
    }
  }

  private static async accept(
    organization: Organization | null,
    subjects: Subject[],
    { deed, input, by, requestKey, retryOf }: Wanted,
    trx: TransactionClientContract
  ): Promise<Batch> {
    const batch = await Batch.create(
      {
        organizationId: organization?.id ?? null,
        deed,
        input: input ?? {},
        origin: AuditEvent.origin(),
        requestedById: by.id,
        requestKey: requestKey ?? null,
        retryOfId: retryOf?.id ?? null,
      },
      { client: trx }
    )
    for (const some of chunked(subjects)) {
      await trx.table('batch_items').multiInsert(
        some.map(({ id, organization_id: owner }) => ({
          batch_id: batch.id,
          organization_id: owner,
          instance_id: id,
          state: 'waiting',
        }))
      )
    }
    trx.after('commit', () => queue.nudgeBatch(batch.id))
    await batch.record('batch.requested', { instances: subjects.length }, trx)
    return batch
  }

  /** One that a member, or staff, may look at. @throws E_ROW_NOT_FOUND */
  static of(organization: Organization | null, uid: string): Promise<Batch> {
    const query = Batch.query().where('uid', uid).preload('requestedBy').preload('retryOf')
    if (organization) query.where('organization_id', organization.id)
    else query.whereNull('organization_id')
    return query.firstOrFail()
  }

  get isOpen(): boolean {
    return this.endedAt === null
  }

  get isCancellable(): boolean {
    return this.isOpen && this.cancelRequestedAt === null
  }

  /** What has not begun does not begin; what runs goes on to its end. @throws NotPossibleNow */
  async cancel(this: Batch, by: User): Promise<void> {
    await transaction(async (trx) => {
      const asked = await Batch.query({ client: trx })
        .where('id', this.id)
        .whereNull('ended_at')
        .whereNull('cancel_requested_at')
        .update({
          cancel_requested_at: sqlTime(DateTime.utc()),
          cancel_requested_by_id: by.id,
        })
      if (affected(asked) === 0) throw new NotPossibleNow()
      await trx
        .from('batch_items')
        .where({ batch_id: this.id, state: 'waiting' })
        .update({ state: 'cancelled' })
      await this.record('batch.cancelled', null, trx)
    })
    const queued = await Operation.query()
      .where('state', 'queued')
      .whereIn('id', (items) =>
        items.from('batch_items').where('batch_id', this.id).select('operation_id')
      )
    for (const operation of queued) {
      if (operation.isCancellable) await stop(operation, by)
    }
  }

  /** The same deed for those that failed or were refused, and for no other. @throws NotPossibleNow */
  async retry(this: Batch, organization: Organization | null, by: User): Promise<Batch> {
    if (this.isOpen) throw new NotPossibleNow()
    const failed = await BatchItem.query()
      .pojo<Subject>()
      .leftJoin('operations', 'operations.id', 'batch_items.operation_id')
      .where('batch_items.batch_id', this.id)
      .where((any) =>
        any.where('batch_items.state', 'refused').orWhere('operations.state', 'failed')
      )
      .select('batch_items.instance_id as id', 'batch_items.organization_id')
    if (failed.length === 0) throw new NotPossibleNow()
    const { deed, input } = this
    const requestKey = `retry-of-${this.uid}`
    return Batch.order(organization, failed, { deed, input, by, requestKey, retryOf: this })
  }

  /** Tells the workers of what should be going on and is not: the queue was lost, or a worker died. */
  static async sweep(): Promise<number> {
    const forgotten = Date.now() - FORGOTTEN_MS
    const open = await Batch.query()
      .whereNull('ended_at')
      .where((any) => any.whereNull('looked_at').orWhere('looked_at', '<', forgotten))
      .select('id')
    for (const { id } of open) await queue.nudgeBatch(id)
    return open.length
  }

  get auditSubject() {
    return { kind: 'batch', uid: this.uid, label: this.deed }
  }

  private record(
    action: AuditAction,
    after: Record<string, number> | null,
    trx: TransactionClientContract
  ): Promise<void> {
    const { organizationId, auditSubject: subject } = this
    return AuditEvent.record({ action, organizationId, subject, after }, trx)
  }
}

/** One that a worker took a moment ago goes on to its end. */
async function stop(operation: Operation, by: User): Promise<void> {
  try {
    await operation.cancel(by)
  } catch (error) {
    if (!(error instanceof NotPossibleNow)) throw error
  }
}
