import { DateTime } from 'luxon'
import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import db from '@adonisjs/lucid/services/db'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { OperationSchema } from '#database/schema'
import { sweepQueuedAfterMs, staleAfterMs } from '#config/operations'
import { InstanceBusy, NotPossibleNow } from '#exceptions/domain_error'
import Cluster from '#models/cluster'
import Instance from '#models/instance'
import User from '#models/user'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { isUniqueViolation } from '#models/concerns/database_errors'
import { newUid } from '#models/concerns/uid'
import type { OperationState, OperationType } from '#models/types'
import * as progress from '#services/progress'
import * as queue from '#services/queue'

/** What may follow what. Every other move is a fault of ours and throws. */
const MOVES: Record<OperationState, readonly OperationState[]> = {
  queued: ['running'],
  running: ['succeeded', 'compensating', 'needs_attention'],
  compensating: ['failed', 'cancelled', 'needs_attention'],
  needs_attention: ['running', 'compensating', 'failed'],
  succeeded: [],
  failed: [],
  cancelled: [],
}

export const OPEN_STATES: readonly OperationState[] = [
  'queued',
  'running',
  'compensating',
  'needs_attention',
]

export type OpenOperation = {
  type: OperationType
  instance: Instance
  input?: Record<string, unknown>
  requestedBy: User | null
  /** Asked twice with the same key, done once. */
  requestKey?: string | null
  retryOf?: Operation | null
}

/** Our durable record of one change to a cluster. The row is the truth; the job in the queue is a nudge. */
export default class Operation extends compose(OperationSchema, BelongsToOrganization) {
  @belongsTo(() => Instance)
  declare instance: BelongsTo<typeof Instance>

  @belongsTo(() => Cluster)
  declare cluster: BelongsTo<typeof Cluster>

  @belongsTo(() => User, { foreignKey: 'requestedById' })
  declare requestedBy: BelongsTo<typeof User>

  @beforeCreate()
  static assignUid(operation: Operation) {
    operation.uid ??= newUid('x')
  }

  /**
   * Opens an operation inside the transaction that also changes the instance and the quota. The queue is
   * nudged after the commit; when that fails the sweep does it.
   * @throws InstanceBusy when another operation is open on the instance
   */
  static async open(order: OpenOperation, trx: TransactionClientContract): Promise<Operation> {
    const { instance } = order
    let operation: Operation
    try {
      operation = await Operation.create(
        {
          organizationId: instance.organizationId,
          type: order.type,
          clusterId: instance.clusterId,
          instanceId: instance.id,
          input: order.input ?? {},
          state: 'queued',
          steps: [],
          openOn: openKey(instance.id),
          requestKey: order.requestKey ?? null,
          requestedById: order.requestedBy?.id ?? null,
          retryOfId: order.retryOf?.id ?? null,
          attempt: 0,
          failures: 0,
        },
        { client: trx }
      )
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      throw new InstanceBusy({ instance: instance.name }, { cause: error })
    }
    trx.after('commit', () => operation.nudge())
    return operation
  }

  /** The operation that this request already opened, if it is a repetition. */
  static async ofRequest(organizationId: number, requestKey: string | null | undefined) {
    if (!requestKey) return null
    return Operation.query()
      .where('organization_id', organizationId)
      .where('request_key', requestKey)
      .first()
  }

  get isOpen(): boolean {
    return OPEN_STATES.includes(this.state)
  }

  get isFinal(): boolean {
    return !this.isOpen
  }

  /** Whether a person may still ask it to stop. A delete goes on until it is done. */
  get isCancellable(): boolean {
    return (
      (this.state === 'queued' || this.state === 'running') &&
      this.cancelRequestedAt === null &&
      this.type !== 'instance.delete'
    )
  }

  get isRetryable(): boolean {
    return this.state === 'failed' || this.state === 'cancelled'
  }

  /** @throws Error for a move that the table above does not know */
  move(state: OperationState): void {
    if (state === this.state) return
    if (!MOVES[this.state].includes(state)) {
      throw new Error(`operation ${this.uid} cannot go from ${this.state} to ${state}`)
    }
    this.state = state
  }

  /** A queued operation ends at once; a running one between two steps. */
  async cancel(by: User): Promise<void> {
    const now = DateTime.utc()
    const asked = await Operation.query()
      .where('id', this.id)
      .whereIn('state', ['queued', 'running'])
      .whereNull('cancel_requested_at')
      .update({ cancel_requested_at: sqlTime(now), cancel_requested_by_id: by.id })
    if (!changed(asked) || this.type === 'instance.delete') throw new NotPossibleNow()
    this.cancelRequestedAt = now
    await this.nudge()
    await progress.publish(this, { kind: 'cancel_requested' })
  }

  /** What a person decides when an undo failed: try again where it stopped. */
  async resume(): Promise<void> {
    const state: OperationState = this.type === 'instance.delete' ? 'running' : 'compensating'
    await this.leaveAttention({ state, failures: 0, not_before: null, heartbeat_at: null })
    await this.nudge()
  }

  /** … or leave things as they are. The addresses stay with the instance until it is deleted. */
  async abandon(): Promise<void> {
    await db.transaction(async (trx) => {
      this.useTransaction(trx)
      await this.leaveAttention(
        { state: 'failed', open_on: null, ended_at: sqlTime(DateTime.utc()) },
        trx
      )
      if (this.type === 'instance.create') {
        await trx
          .from('instances')
          .where('id', this.instanceId!)
          .whereNull('failed_at')
          .update({ failed_at: sqlTime(DateTime.utc()) })
      }
    })
    await progress.publish(this, { kind: 'state', state: 'failed' })
  }

  private async leaveAttention(
    changes: Record<string, unknown>,
    client?: TransactionClientContract
  ): Promise<void> {
    const left = await Operation.query({ client })
      .where('id', this.id)
      .where('state', 'needs_attention')
      .update(changes)
    if (!changed(left)) throw new NotPossibleNow()
    await this.refresh()
  }

  /** Tells the workers that there is something to do. Losing a nudge loses only time. */
  async nudge(): Promise<void> {
    const delayMs = Math.max(0, (this.notBefore ?? 0) - Date.now())
    await queue.nudge(this.id, this.attempt, delayMs)
  }

  /** Nudges what should be running and is not: the queue was lost, or its worker died. */
  static async sweep(): Promise<number> {
    const now = Date.now()
    const stuck = await Operation.query()
      .where((query) =>
        query
          .where((queued) =>
            queued
              .where('state', 'queued')
              .where('created_at', '<', sqlTime(DateTime.fromMillis(now - sweepQueuedAfterMs)))
          )
          .orWhereIn('state', ['running', 'compensating'])
      )
      .where((query) =>
        query.whereNull('heartbeat_at').orWhere('heartbeat_at', '<', now - staleAfterMs)
      )
      .where((query) => query.whereNull('not_before').orWhere('not_before', '<', now))
      .orderBy('id')
      .limit(1000)
    for (const operation of stuck) await operation.nudge()
    return stuck.length
  }
}

export const openKey = (instanceId: number): string => `instance-${instanceId}`

export function sqlTime(time: DateTime): string {
  return time.toUTC().toFormat('yyyy-MM-dd HH:mm:ss')
}

function changed(result: unknown): boolean {
  return Number(Array.isArray(result) ? result[0] : result) > 0
}
