import { DateTime } from 'luxon'
import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { OperationSchema } from '#database/schema'
import { staleAfterMs } from '#config/operations'
import { InstanceBusy, NotFound, NotPossibleNow } from '#exceptions/domain_error'
import AuditEvent from '#models/audit_event'
import Cluster from '#models/cluster'
import Instance from '#models/instance'
import License from '#models/license'
import Organization from '#models/organization'
import User from '#models/user'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { affected, sqlTime } from '#models/concerns/sql'
import { isUniqueViolation } from '#models/concerns/database_errors'
import { Tenant } from '#models/concerns/tenant'
import { transaction } from '#models/concerns/transaction'
import { newUid } from '#models/concerns/uid'
import type {
  AuditAction,
  InstanceOperationType,
  LicenseOperationType,
  OperationState,
  OperationType,
  StepRecord,
} from '#models/types'
import * as progress from '#services/progress'
import * as queue from '#services/queue'

/** How many a sweep nudges that no cluster limits. */
const LEFT_AT_ONCE = 500

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

const TAKING_BACK: readonly StepRecord['state'][] = ['failed', 'undoing', 'undone']

export const OPEN_STATES: readonly OperationState[] = [
  'queued',
  'running',
  'compensating',
  'needs_attention',
]

/** Nothing follows on these. */
export const ENDED_STATES: readonly OperationState[] = ['succeeded', 'failed', 'cancelled']

/**
 * What a person may not stop half-way: a delete goes on until it is done, a suspension is not theirs to stop, and a
 * move costs as much again on its way back.
 */
const NOT_CANCELLABLE: readonly OperationType[] = [
  'instance.delete',
  'instance.suspend',
  'instance.unsuspend',
  'instance.move',
  'snapshot.delete',
]

/** What is ordered anew and not repeated as it was: its row or its secret is not what it was. */
const ORDERED_ANEW: readonly OperationType[] = [
  'instance.suspend',
  'instance.unsuspend',
  'instance.reset_password',
  'instance.reinstall',
  'instance.resize',
  'instance.rename',
  'instance.change_keys',
  'instance.adopt',
  'instance.recreate',
  'instance.move',
  'instance.attach_network',
  'instance.detach_network',
]

/** States in which a worker has something to do. */
export const WORKING_STATES: readonly OperationState[] = ['queued', 'running', 'compensating']

type OperationOrder = {
  input?: Record<string, unknown>
  requestedBy: User | null
  /** Asked twice with the same key, done once. */
  requestKey?: string | null
  retryOf?: Operation | null
}

export type OpenOnInstance = OperationOrder & {
  type: InstanceOperationType
  instance: Instance
  license?: never
}

export type OpenOnLicense = OperationOrder & {
  type: LicenseOperationType
  license: License
  instance?: never
}

export type OpenOperation = OpenOnInstance | OpenOnLicense

/** Our durable record of one change to a cluster. The row is the truth; the job in the queue is a nudge. */
export default class Operation extends compose(OperationSchema, BelongsToOrganization) {
  @belongsTo(() => Instance)
  declare instance: BelongsTo<typeof Instance>

  @belongsTo(() => License)
  declare license: BelongsTo<typeof License>

  @belongsTo(() => Organization)
  declare organization: BelongsTo<typeof Organization>

  @belongsTo(() => Cluster)
  declare cluster: BelongsTo<typeof Cluster>

  @belongsTo(() => User, { foreignKey: 'requestedById' })
  declare requestedBy: BelongsTo<typeof User>

  @belongsTo(() => User, { foreignKey: 'cancelRequestedById' })
  declare cancelRequestedBy: BelongsTo<typeof User>

  /** How many are under way: of one tenant, or of all while working over all of them. */
  static async countWorking(): Promise<number> {
    const [{ $extras: extras }] = await Operation.query()
      .whereIn('state', [...WORKING_STATES])
      .count('* as total')
    return Number(extras.total)
  }

  @beforeCreate()
  static assignUid(operation: Operation) {
    operation.uid ??= newUid('x')
  }

  /**
   * Opens an operation inside the transaction that also changes its subject and the quota. The queue is
   * nudged after the commit; when that fails the sweep does it.
   * @throws InstanceBusy when another operation is open on the subject, NotFound when it is deleted
   */
  static async open(order: OpenOperation, trx: TransactionClientContract): Promise<Operation> {
    const subject = order.instance ?? order.license
    await Operation.lockLiving(order, trx)
    let operation: Operation
    try {
      operation = await Operation.create(
        {
          organizationId: subject.organizationId,
          type: order.type,
          clusterId: order.instance?.clusterId ?? null,
          instanceId: order.instance?.id ?? null,
          licenseId: order.license?.id ?? null,
          input: order.input ?? {},
          state: 'queued',
          steps: [],
          openOn: openKeyOf(order),
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
      const other = await Operation.query({ client: trx })
        .where('open_on', openKeyOf(order))
        .first()
      throw new InstanceBusy(
        { instance: subject.name, ...(other && { operation: other.uid }) },
        { cause: error }
      )
    }
    trx.after('commit', () => operation.nudge())
    await AuditEvent.record(
      {
        action: `${order.type}_requested`,
        organizationId: subject.organizationId,
        subject: subject.auditSubject,
        after: { operation: operation.uid, ...tellable(operation.input) },
        actor: order.requestedBy ?? undefined,
      },
      trx
    )
    return operation
  }

  /** The row is locked, so that the end of an earlier operation is either seen here or waited for. */
  private static async lockLiving(subject: OpenOperation, trx: TransactionClientContract) {
    const { table, id } = subject.instance
      ? { table: 'instances', id: subject.instance.id }
      : { table: 'licenses', id: subject.license.id }
    const row = await trx.from(table).where('id', id).forUpdate().first()
    if (!row || row.deleted_at) throw new NotFound()
  }

  /** The operation that this request already opened, if it is a repetition. */
  static async ofRequest(organizationId: number, requestKey: string | null | undefined) {
    if (!requestKey) return null
    return Operation.query()
      .where('organization_id', organizationId)
      .where('request_key', requestKey)
      .first()
  }

  /** @throws E_ROW_NOT_FOUND */
  static of(organization: Organization, uid: string): Promise<Operation> {
    return organization.related('operations').query().where('uid', uid).firstOrFail()
  }

  /** All that its page tells. */
  async loadForPage(this: Operation): Promise<void> {
    await this.load((relation) =>
      relation
        .load('instance')
        .load('license')
        .load('organization')
        .load('cluster')
        .load('requestedBy')
        .load('cancelRequestedBy')
    )
  }

  get isOpen(): boolean {
    return OPEN_STATES.includes(this.state)
  }

  get isFinal(): boolean {
    return !this.isOpen
  }

  /** Whether a person may still ask it to stop. */
  get isCancellable(): boolean {
    return (
      (this.state === 'queued' || this.state === 'running') &&
      this.cancelRequestedAt === null &&
      !NOT_CANCELLABLE.includes(this.type)
    )
  }

  get isRetryable(): boolean {
    const isOver = this.state === 'failed' || this.state === 'cancelled'
    return isOver && !ORDERED_ANEW.includes(this.type)
  }

  /** @throws NotPossibleNow, InstanceBusy, QuotaExceeded */
  async retry(this: Operation, by: User): Promise<Operation> {
    if (!this.isRetryable) throw new NotPossibleNow()
    if (this.licenseId !== null) {
      await this.load('license')
      return this.license.repeat(this, by)
    }
    await this.load('instance')
    return this.instance.repeat(this, by)
  }

  /** The operation that tried this one again; null when nobody has. */
  retriedAs(): Promise<Operation | null> {
    return Operation.query()
      .where('organization_id', this.organizationId)
      .where('retry_of_id', this.id)
      .orderBy('id', 'desc')
      .first()
  }

  /** @throws Error for a move that the table above does not know */
  move(state: OperationState): void {
    if (state === this.state) return
    if (!MOVES[this.state].includes(state)) {
      throw new Error(`operation ${this.uid} cannot go from ${this.state} to ${state}`)
    }
    this.state = state
  }

  /** A queued or waiting operation ends at once; a running one between two steps. */
  async cancel(by: User): Promise<void> {
    if (NOT_CANCELLABLE.includes(this.type)) throw new NotPossibleNow()
    await transaction(async (trx) => {
      const asked = await Operation.query({ client: trx })
        .where('id', this.id)
        .whereIn('state', ['queued', 'running'])
        .whereNull('cancel_requested_at')
        .update({
          cancel_requested_at: sqlTime(DateTime.utc()),
          cancel_requested_by_id: by.id,
          not_before: null,
        })
      if (affected(asked) === 0) throw new NotPossibleNow()
      await this.audit('operation.cancel_requested', null, trx)
    })
    await this.refresh()
    await this.nudge()
    await progress.publish(this, { kind: 'cancel_requested' })
  }

  /** What a person decides when an undo failed: try again where it stopped. */
  async resume(): Promise<void> {
    const takesBack = this.steps.some(({ state }) => TAKING_BACK.includes(state))
    const state: OperationState = takesBack ? 'compensating' : 'running'
    await transaction(async (trx) => {
      await this.leaveAttention({ state, failures: 0, not_before: null, heartbeat_at: null }, trx)
      await this.audit('operation.resumed', null, trx)
    })
    await this.refresh()
    await this.nudge()
    await progress.publish(this, { kind: 'state', state })
  }

  /** … or leave things as they are, and say why. The addresses stay with the instance until it is deleted. */
  async abandon(reason: string): Promise<void> {
    const now = sqlTime(DateTime.utc())
    await transaction(async (trx) => {
      if (this.type === 'instance.create') {
        await trx
          .from('instances')
          .where('id', this.instanceId!)
          .whereNull('failed_at')
          .update({ failed_at: now })
      }
      await this.leaveAttention(
        { state: 'failed', error_kind: 'abandoned', open_on: null, ended_at: now },
        trx
      )
      await this.audit('operation.abandoned', { reason }, trx)
    })
    await this.refresh()
    await progress.publish(this, { kind: 'state', state: 'failed' })
  }

  private async leaveAttention(
    changes: Record<string, unknown>,
    client: TransactionClientContract
  ): Promise<void> {
    const left = await Operation.query({ client })
      .where('id', this.id)
      .where('state', 'needs_attention')
      .update(changes)
    if (affected(left) === 0) throw new NotPossibleNow()
  }

  private audit(
    action: AuditAction,
    after: Record<string, string> | null,
    trx: TransactionClientContract
  ) {
    return AuditEvent.record(
      {
        action,
        organizationId: this.organizationId,
        subject: { kind: 'operation', uid: this.uid, label: this.type },
        after,
      },
      trx
    )
  }

  /** Tells the workers that there is something to do. Losing a nudge loses only time. */
  async nudge(): Promise<void> {
    await queue.nudge(this.id, Math.max(0, (this.notBefore ?? 0) - Date.now()))
  }

  /** Nudges what should be running and is not: the queue was lost, its worker died, or its cluster was full. */
  static async sweep(): Promise<number> {
    const clusters = await Operation.query()
      .whereIn('state', [...WORKING_STATES])
      .whereNotNull('cluster_id')
      .distinct('cluster_id')
    let nudged = await Operation.nudgeLeft()
    for (const { clusterId } of clusters) nudged += await Operation.nudgeWaiting(clusterId)
    return nudged
  }

  /**
   * Nudges as many of a cluster's waiting operations as it has room for, oldest first. Whoever ends an
   * operation calls this: an operation that met a full cluster does not ask again by itself.
   */
  static async nudgeWaiting(clusterId: number | null): Promise<number> {
    if (clusterId === null) return 0
    const free = await Operation.freePlaces(clusterId)
    if (free <= 0) return 0
    const waiting = await Tenant.system('operations that wait for a cluster', () =>
      Operation.left().where('cluster_id', clusterId).limit(free)
    )
    for (const operation of waiting) await operation.nudge()
    return waiting.length
  }

  /** Those that no cluster has to make room for. */
  private static async nudgeLeft(): Promise<number> {
    const waiting = await Operation.left().whereNull('cluster_id').limit(LEFT_AT_ONCE)
    for (const operation of waiting) await operation.nudge()
    return waiting.length
  }

  /** Not ended, and nobody runs them; oldest first. */
  private static left() {
    const now = Date.now()
    return Operation.query()
      .whereIn('state', [...WORKING_STATES])
      .where((query) =>
        query.whereNull('heartbeat_at').orWhere('heartbeat_at', '<', now - staleAfterMs)
      )
      .where((query) => query.whereNull('not_before').orWhere('not_before', '<=', now))
      .orderBy('id')
  }

  /**
   * How many more operations the cluster may run. With a transaction its row is locked, so that the
   * answer holds until the commit.
   */
  static async freePlaces(clusterId: number, trx?: TransactionClientContract): Promise<number> {
    const cluster = await Cluster.query({ client: trx })
      .where('id', clusterId)
      .if(trx, (query) => query.forUpdate())
      .select('max_parallel_operations')
      .firstOrFail()
    const running = await Tenant.system('operations that a cluster runs', () =>
      Operation.query({ client: trx })
        .where('cluster_id', clusterId)
        .whereIn('state', [...WORKING_STATES])
        .where('heartbeat_at', '>=', Date.now() - staleAfterMs)
        .count('* as total')
        .firstOrFail()
    )
    return cluster.maxParallelOperations - Number(running.$extras.total)
  }
}

export const openKey = (instanceId: number): string => `instance-${instanceId}`

function openKeyOf({ instance, license }: OpenOperation): string {
  return instance ? openKey(instance.id) : `license-${license.id}`
}

/** What of an input may stand in the audit: no ids of ours, and keys only by their number. */
function tellable(input: Record<string, unknown>): Record<string, string | number> {
  const told: Record<string, string | number> = {}
  if (typeof input.action === 'string') told.action = input.action
  if (Array.isArray(input.sshKeys)) told.ssh_keys = input.sshKeys.length
  if (Array.isArray(input.families)) told.families = input.families.join(', ')
  if (typeof input.snapshot === 'string') told.snapshot = input.snapshot
  if (typeof input.backup === 'string') told.backup = input.backup
  if (Array.isArray(input.told)) told.forwards = input.told.join(', ')
  return told
}
