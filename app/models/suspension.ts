import { DateTime } from 'luxon'
import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { SuspensionSchema } from '#database/schema'
import { InstanceBusy, NotPossibleNow, NotSuspended } from '#exceptions/domain_error'
import AuditEvent from '#models/audit_event'
import type Instance from '#models/instance'
import Notice from '#models/notice'
import Operation, { openKey } from '#models/operation'
import User from '#models/user'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { transaction } from '#models/concerns/transaction'
import { newUid } from '#models/concerns/uid'
import type { AuditAction, SuspensionReason } from '#models/types'

export type SuspensionOrder = {
  /** null: a program, e.g. the billing system. */
  by: User | null
  /** For staff; the customer reads the reason only. */
  note?: string | null
  requestKey?: string | null
}

/** `operation` stops or starts the instance; null when nothing changes there. */
export type Suspended = { suspension: Suspension; operation: Operation | null }

/**
 * Why an instance may not run. It is suspended while one such row is open; lifting one reason leaves the others.
 */
export default class Suspension extends compose(SuspensionSchema, BelongsToOrganization) {
  @belongsTo(() => User, { foreignKey: 'imposedById' })
  declare imposedBy: BelongsTo<typeof User>

  @beforeCreate()
  static assignUid(suspension: Suspension) {
    suspension.uid ??= newUid('q')
  }

  /**
   * Suspends for a reason, and stops the instance when it is the first. For a reason it is suspended for already
   * it stays as it is.
   * @throws NotPossibleNow before it was made, InstanceBusy
   */
  static async impose(
    instance: Instance,
    reason: SuspensionReason,
    order: SuspensionOrder
  ): Promise<Suspended> {
    if (!instance.isProvisioned) throw new NotPossibleNow()
    return transaction(async (trx) => {
      const open = await Suspension.openOn(instance, trx)
      const same = open.find((suspension) => suspension.reason === reason)
      if (same) return { suspension: same, operation: null }
      const suspension = await Suspension.create(
        {
          organizationId: instance.organizationId,
          instanceId: instance.id,
          reason,
          openOn: openOn(instance, reason),
          note: order.note ?? null,
          wasRunning: open.some(({ wasRunning }) => wasRunning),
          imposedById: order.by?.id ?? null,
        },
        { client: trx }
      )
      await suspension.tell('instance.suspended', instance, trx)
      await suspension.record('instance.suspended', instance, order.by, trx)
      if (open.length > 0) return { suspension, operation: null }
      const operation = await Operation.open(
        {
          type: 'instance.suspend',
          instance,
          input: { suspensionId: suspension.id },
          requestedBy: order.by,
          requestKey: order.requestKey,
        },
        trx
      )
      return { suspension, operation }
    })
  }

  /**
   * Lifts what it is suspended for by this reason. After the last one it is started again, if it ran before.
   * @throws NotSuspended, InstanceBusy
   */
  static async lift(
    instance: Instance,
    reason: SuspensionReason,
    { by, requestKey }: Omit<SuspensionOrder, 'note'>
  ): Promise<Suspended> {
    return transaction(async (trx) => {
      const open = await Suspension.openOn(instance, trx)
      const suspension = open.find((candidate) => candidate.reason === reason)
      if (!suspension) throw new NotSuspended({ reason })
      await suspension.close(by, trx)
      await suspension.tell('instance.unsuspended', instance, trx)
      await suspension.record('instance.unsuspended', instance, by, trx)
      if (open.length > 1 || !suspension.wasRunning) return { suspension, operation: null }
      const operation = await Operation.open(
        { type: 'instance.unsuspend', instance, requestedBy: by, requestKey },
        trx
      )
      return { suspension, operation }
    })
  }

  /** Those that are open, while nobody else can open or lift one. @throws InstanceBusy */
  private static async openOn(
    instance: Instance,
    trx: TransactionClientContract
  ): Promise<Suspension[]> {
    await instance.lock(trx)
    const busy = await Operation.query({ client: trx })
      .where('open_on', openKey(instance.id))
      .first()
    if (busy) throw new InstanceBusy({ instance: instance.name, operation: busy.uid })
    return Suspension.query({ client: trx })
      .where('instance_id', instance.id)
      .whereNotNull('open_on')
      .orderBy('id')
  }

  /** `by`: null when a program lifts it, or when what it wanted could not be done. */
  async close(by: User | null, trx: TransactionClientContract): Promise<void> {
    this.useTransaction(trx)
    this.openOn = null
    this.liftedAt = DateTime.utc()
    this.liftedById = by?.id ?? null
    await this.save()
  }

  private tell(
    type: 'instance.suspended' | 'instance.unsuspended',
    { organizationId, name, uid }: Instance,
    trx: TransactionClientContract
  ) {
    return Notice.raise(organizationId, type, { name, instance: uid, reason: this.reason }, trx)
  }

  private record(
    action: AuditAction,
    instance: Instance,
    by: User | null,
    trx: TransactionClientContract
  ): Promise<void> {
    return AuditEvent.record(
      {
        action,
        organizationId: instance.organizationId,
        subject: instance.auditSubject,
        after: { reason: this.reason },
        actor: by ?? 'system',
      },
      trx
    )
  }
}

const openOn = (instance: Instance, reason: SuspensionReason) => `${openKey(instance.id)} ${reason}`
