import { DateTime } from 'luxon'
import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { DEFAULT_TIME_ZONE } from '#config/i18n'
import { SnapshotSchema } from '#database/schema'
import {
  InstanceBusy,
  NotPossibleNow,
  SnapshotNameTaken,
  TooManySnapshots,
} from '#exceptions/domain_error'
import type CopySchedule from '#models/copy_schedule'
import { requireFacet } from '#models/facets'
import Instance, { type DeedOrder } from '#models/instance'
import Operation, { openKey } from '#models/operation'
import Quota from '#models/quota'
import User from '#models/user'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { isUniqueViolation } from '#models/concerns/database_errors'
import { sqlTime } from '#models/concerns/sql'
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
    await Snapshot.refuseBusy(instance, trx)
    const replaced = schedule ? await Snapshot.toReplace(schedule, trx) : null
    // Its place and what it holds go over to the new one, and come back when there will be none.
    const slot = replaced ? replaced.slot : await Snapshot.freeSlot(instance, trx)
    if (replaced)
      await Snapshot.query({ client: trx }).where('id', replaced.id).update({ slot: null })
    const snapshot = await Snapshot.create(
      {
        organizationId: instance.organizationId,
        instanceId: instance.id,
        name,
        slot,
        rhythm: schedule?.rhythm ?? null,
        takenAt: null,
        expiresAt,
        createdById: by?.id ?? null,
      },
      { client: trx }
    )
    if (replaced) await Quota.handOver(replaced.quotaSubject, snapshot.quotaSubject, trx)
    else await Quota.take(instance.organizationId, snapshot.quotaSubject, { snapshots: 1 }, trx)
    return { snapshotId: snapshot.id, snapshot: name, replacesId: replaced?.id ?? null }
  }

  /** The lowest one that is free; the unique key of the table decides. @throws TooManySnapshots */
  private static async freeSlot(
    instance: Instance,
    trx: TransactionClientContract
  ): Promise<number> {
    const rows = await trx
      .from('snapshots')
      .where('instance_id', instance.id)
      .whereNotNull('slot')
      .select('slot')
    const taken = new Set(rows.map(({ slot }) => Number(slot)))
    const maximum = instance.snapshotLimit
    for (let slot = 1; slot <= maximum; slot++) if (!taken.has(slot)) return slot
    throw new TooManySnapshots({ maximum, used: taken.size })
  }

  /** The oldest of a schedule that keeps as many as it may; null: it may keep one more. */
  private static async toReplace(
    { instanceId, rhythm, keep }: CopySchedule,
    trx: TransactionClientContract
  ): Promise<Snapshot | null> {
    const kept = await Snapshot.query({ client: trx })
      .where('instance_id', instanceId)
      .where('rhythm', rhythm)
      .whereNotNull('slot')
      .whereNotNull('taken_at')
      .whereNull('expires_at')
      .orderBy('id')
    return kept.length >= keep ? kept[0]! : null
  }

  /** Said before places are looked for: a busy instance is no reason to call it full. */
  private static async refuseBusy(instance: Instance, trx: TransactionClientContract) {
    const open = await Operation.query({ client: trx })
      .where('open_on', openKey(instance.id))
      .first()
    if (open) throw new InstanceBusy({ instance: instance.name, operation: open.uid })
  }

  /** The cluster has it; the one whose place it took may go. */
  static async taken(
    id: number,
    replacedId: number | null,
    trx: TransactionClientContract
  ): Promise<void> {
    const now = sqlTime(DateTime.utc())
    await trx.from('snapshots').where('id', id).update({ taken_at: now })
    if (replacedId === null) return
    await trx.from('snapshots').where('id', replacedId).update({ expires_at: now })
  }

  /** There will be none; the one whose place it took has it back. */
  static async giveUp(
    id: number,
    replacedId: number | null,
    trx: TransactionClientContract
  ): Promise<void> {
    const given = await Snapshot.find(id, { client: trx })
    const replaced = replacedId === null ? null : await Snapshot.find(replacedId, { client: trx })
    if (given && replaced) {
      await Quota.handOver(given.quotaSubject, replaced.quotaSubject, trx)
      await trx.from('snapshots').where('id', given.id).update({ slot: null })
      await trx.from('snapshots').where('id', replaced.id).update({ slot: given.slot })
    }
    await Snapshot.release([id], trx)
  }

  /** Deletes rows, and with them places and what was taken of the quota. */
  static async release(ids: number[], trx: TransactionClientContract): Promise<void> {
    await trx.from('snapshots').whereIn('id', ids).delete()
    for (const id of ids.toSorted((a, b) => a - b)) await Quota.giveBack(quotaSubject(id), trx)
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

  get quotaSubject(): string {
    return quotaSubject(this.id)
  }
}

const quotaSubject = (id: number): string => `snapshot-${id}`

/** `2026-11-21 16:30:05`: sorts by time, and no two are alike. */
function nameNow(zone: string): string {
  return DateTime.now().setZone(zone).toFormat('yyyy-MM-dd HH:mm:ss')
}
