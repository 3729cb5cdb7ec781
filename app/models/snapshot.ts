import type { DateTime } from 'luxon'
import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { DEFAULT_TIME_ZONE } from '#config/i18n'
import { SnapshotSchema } from '#database/schema'
import { NotPossibleNow, SnapshotNameTaken, TooManySnapshots } from '#exceptions/domain_error'
import { nameNow } from '#models/copy_schedule'
import type CopySchedule from '#models/copy_schedule'
import { requireFacet } from '#models/facets'
import Instance, { type DeedOrder } from '#models/instance'
import Operation from '#models/operation'
import User from '#models/user'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { CopySlots } from '#models/concerns/copy_slots'
import { isUniqueViolation } from '#models/concerns/database_errors'
import { newUid } from '#models/concerns/uid'

export type SnapshotOrder = DeedOrder & {
  /** Left out: one is made of the time. */
  name?: string | null
  /** Removed by itself then. */
  expiresAt?: DateTime | null
  /** The schedule whose turn it is; the oldest of its own gives way when it has enough. */
  schedule?: CopySchedule
  retryOf?: Operation
}

export type Snapshotted = { snapshot: Snapshot; operation: Operation }

const slots = new CopySlots('snapshot', 'taken_at')

/** The disk of an instance as it was at one moment. Kept in the cluster; goes with the instance. */
export default class Snapshot extends compose(SnapshotSchema, BelongsToOrganization) {
  @belongsTo(() => Instance)
  declare instance: BelongsTo<typeof Instance>

  @belongsTo(() => User, { foreignKey: 'createdById' })
  declare createdBy: BelongsTo<typeof User>

  @beforeCreate()
  static assignUid(snapshot: Snapshot) {
    snapshot.uid ??= newUid('sn')
  }

  /**
   * Takes a place among the instance's snapshots and of the organization's quota, and opens the operation that
   * makes it: all of it or nothing. Call `instance.snapshot(…)`.
   * @throws NotPossibleNow, ClusterCannot, InstanceSuspended, TooManySnapshots, SnapshotNameTaken, QuotaExceeded,
   * InstanceBusy
   */
  static async order(instance: Instance, order: SnapshotOrder): Promise<Snapshotted> {
    if (!instance.isProvisioned) throw new NotPossibleNow()
    await requireFacet(instance, 'snapshots')
    const { by, requestKey, retryOf, schedule } = order
    const name = order.name ?? schedule?.nameNow ?? nameNow(by?.timeZone ?? DEFAULT_TIME_ZONE)
    try {
      const operation = await instance.begin(
        { type: 'snapshot.create', requestedBy: by, requestKey, retryOf },
        (trx) => Snapshot.accept(instance, { ...order, name }, trx)
      )
      return { operation, snapshot: await Snapshot.findOrFail(operation.input.snapshotId) }
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      throw new SnapshotNameTaken({ name }, { cause: error })
    }
  }

  private static async accept(
    instance: Instance,
    { name, by, schedule, expiresAt = null }: SnapshotOrder & { name: string },
    trx: TransactionClientContract
  ) {
    await instance.refuseSuspended(trx)
    const maximum = instance.snapshotLimit
    const place = await slots.find(instance, maximum, schedule, trx)
    if (!place) {
      const { length: used } = await slots.taken(instance, trx)
      throw new TooManySnapshots({ maximum, used })
    }
    const snapshot = await Snapshot.create(
      {
        organizationId: instance.organizationId,
        instanceId: instance.id,
        name,
        slot: place.slot,
        rhythm: schedule?.rhythm ?? null,
        takenAt: null,
        expiresAt,
        createdById: by?.id ?? null,
      },
      { client: trx }
    )
    await slots.hold(snapshot, place, trx)
    return { snapshotId: snapshot.id, snapshot: name, replacesId: place.replacesId }
  }

  /** The cluster has it. */
  static taken(
    id: number,
    replacesId: number | null,
    trx: TransactionClientContract
  ): Promise<void> {
    return slots.done(id, replacesId, trx)
  }

  /** The cluster will not have it. */
  static giveUp(
    id: number,
    replacesId: number | null,
    trx: TransactionClientContract
  ): Promise<void> {
    return slots.giveUp(id, replacesId, trx)
  }

  static release(ids: number[], trx: TransactionClientContract): Promise<void> {
    return slots.release(ids, trx)
  }

  /** They went with its disk: it was deleted, or made anew. Call it where that is written down. */
  static async forgetAll(instance: Instance, trx: TransactionClientContract): Promise<void> {
    const rows = await trx.from('snapshots').where('instance_id', instance.id).select('id')
    await Snapshot.release(
      rows.map(({ id }) => Number(id)),
      trx
    )
  }

  /** Newest first. */
  static ofInstance(instance: Instance): Promise<Snapshot[]> {
    return Snapshot.query()
      .where('instance_id', instance.id)
      .preload('createdBy')
      .orderBy('id', 'desc')
      .exec()
  }

  /** With its `instance`. @throws E_ROW_NOT_FOUND */
  static async of(instance: Instance, uid: string): Promise<Snapshot> {
    return Snapshot.query()
      .where('instance_id', instance.id)
      .where('uid', uid)
      .preload('instance')
      .firstOrFail()
  }

  /** By the name that a person gave it. @throws E_ROW_NOT_FOUND */
  static async named(instance: Instance, name: string): Promise<Snapshot> {
    return Snapshot.query()
      .where({ organizationId: instance.organizationId, instanceId: instance.id, name })
      .preload('instance')
      .firstOrFail()
  }

  /**
   * Brings the disk back as it was then; what came later is lost. Needs `instance`.
   * @throws NotPossibleNow while the cluster does not have it, InstanceSuspended, InstanceBusy
   */
  restore(this: Snapshot, { by, requestKey }: DeedOrder): Promise<Operation> {
    return this.instance.begin(
      {
        type: 'snapshot.restore',
        input: { snapshotId: this.id, snapshot: this.name },
        requestedBy: by,
        requestKey,
      },
      (trx) => this.requireRestorable(trx)
    )
  }

  /** Needs `instance`. @throws InstanceBusy */
  remove(this: Snapshot, order: DeedOrder): Promise<Operation> {
    return Snapshot.removeAll(this.instance, [this], order)
  }

  /** One operation that takes all of these away. @throws InstanceBusy */
  static removeAll(
    instance: Instance,
    snapshots: Snapshot[],
    { by, requestKey }: DeedOrder
  ): Promise<Operation> {
    return instance.begin({
      type: 'snapshot.delete',
      input: {
        snapshotIds: snapshots.map(({ id }) => id),
        snapshot: snapshots.map(({ name }) => name).join(', '),
      },
      requestedBy: by,
      requestKey,
    })
  }

  /** What an operation on snapshots wanted, once more. @throws NotPossibleNow, and all that `order` throws */
  static async repeat(instance: Instance, ended: Operation, by: User): Promise<Operation> {
    const { type, input } = ended
    if (type === 'snapshot.create') {
      const name = String(input.snapshot)
      const { operation } = await Snapshot.order(instance, { name, by, retryOf: ended })
      return operation
    }
    const again = { input, requestedBy: by, retryOf: ended }
    if (type !== 'snapshot.restore') return instance.begin({ type: 'snapshot.delete', ...again })
    const snapshot = await Snapshot.query()
      .where({ id: Number(input.snapshotId), instanceId: instance.id })
      .preload('instance')
      .first()
    if (!snapshot) throw new NotPossibleNow()
    return instance.begin({ type, ...again }, (trx) => snapshot.requireRestorable(trx))
  }

  /** Asked of the rows, so that it holds until the transaction ends. */
  private async requireRestorable(trx: TransactionClientContract): Promise<void> {
    await this.instance.refuseSuspended(trx)
    const row = await trx.from('snapshots').where('id', this.id).whereNotNull('taken_at').first()
    if (!row || !this.instance.isProvisioned) throw new NotPossibleNow()
  }
}
