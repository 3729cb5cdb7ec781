import { DateTime } from 'luxon'
import { belongsTo } from '@adonisjs/lucid/orm'
import db from '@adonisjs/lucid/services/db'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { DriftFindingSchema } from '#database/schema'
import { NotPossibleNow } from '#exceptions/domain_error'
import { adoptGuest } from '#models/adoption'
import AuditEvent, { type AuditSubject } from '#models/audit_event'
import Cluster from '#models/cluster'
import { reconcileCluster } from '#models/forward_reconciler'
import Instance from '#models/instance'
import { acceptFound, recreate, repair } from '#models/instance_repair'
import type Operation from '#models/operation'
import User from '#models/user'
import { Tenant } from '#models/concerns/tenant'
import type { AuditAction, DriftKind } from '#models/types'

/** What may be done about a difference. */
export type DriftDeed = 'adopt' | 'repair' | 'recreate' | 'remove' | 'forget'

const DEEDS: Record<DriftKind, readonly DriftDeed[]> = {
  missing: ['recreate', 'remove', 'forget'],
  orphan: ['adopt', 'forget'],
  stranger: ['adopt', 'forget'],
  limits: ['repair', 'adopt', 'forget'],
  power: ['repair', 'adopt', 'forget'],
  addresses: ['repair', 'adopt', 'forget'],
  cards: ['repair', 'forget'],
  forwards: ['repair', 'forget'],
}

/** A difference between what should be and what is, for as long as it is seen. */
export default class DriftFinding extends DriftFindingSchema {
  @belongsTo(() => Cluster)
  declare cluster: BelongsTo<typeof Cluster>

  @belongsTo(() => User, { foreignKey: 'forgottenById' })
  declare forgottenBy: BelongsTo<typeof User>

  /** What it is about; known once it is loaded for a page. null: a guest that is no instance. */
  instance: Instance | null = null

  /** With its cluster, and the instance it is about. @throws E_ROW_NOT_FOUND when it is seen no more */
  static async presentAs(uid: string): Promise<DriftFinding> {
    const finding = await DriftFinding.query()
      .where('uid', uid)
      .preload('cluster')
      .preload('forgottenBy')
      .firstOrFail()
    const { instanceId } = finding
    if (instanceId === null) return finding
    finding.instance = await Tenant.system('an instance that is not as it should be', () =>
      Instance.query().where('id', instanceId).preload('organization').preload('image').first()
    )
    return finding
  }

  /** What a deed put right is told no more; the next round would find the same. */
  static async settle(
    instance: Pick<Instance, 'id'>,
    kinds: readonly DriftKind[],
    trx: TransactionClientContract
  ): Promise<void> {
    await trx
      .from('drift_findings')
      .where('instance_id', instance.id)
      .whereIn('kind', [...kinds])
      .delete()
  }

  get deeds(): readonly DriftDeed[] {
    return DEEDS[this.kind]
  }

  get isForgotten(): boolean {
    return this.forgottenAt !== null
  }

  /**
   * Takes what is for what should be: a guest becomes an instance of the provider's, limits become what was sold.
   * Answers with the operation, where the cluster has to be changed for it.
   * @throws NotPossibleNow, NameTaken, InstanceBusy, QuotaExceeded, AddressNotLeasable
   */
  async adopt(this: DriftFinding, by: User, name: string | null = null): Promise<Operation | null> {
    this.require('adopt')
    const { guest } = this.facts
    if (guest) return adoptGuest(this.cluster, guest, { name: name ?? this.name, by })
    return this.onInstance(async (instance) => {
      await acceptFound(instance, this.kind, this.facts)
      return null
    })
  }

  /**
   * Makes what is as it should be. Forwards are put right at once, everything else by an operation.
   * @throws NotPossibleNow, InstanceBusy
   */
  async repair(this: DriftFinding, by: User): Promise<Operation | null> {
    this.require('repair')
    if (this.kind === 'forwards') {
      const result = await reconcileCluster(this.cluster)
      if (result?.outcome !== 'compared') throw new NotPossibleNow()
      await this.delete()
      await this.record('drift.repaired')
      return null
    }
    return this.onInstance((instance) => repair(instance, this.kind, this.facts, by))
  }

  /** Makes an instance that is gone once more, empty. @throws ImageGone, InstanceBusy, InstanceSuspended */
  async recreate(this: DriftFinding, by: User): Promise<Operation> {
    this.require('recreate')
    return this.onInstance((instance) => recreate(instance, by))
  }

  /** Gives up an instance that is gone: its addresses, ports and quota become free. @throws InstanceBusy */
  async remove(this: DriftFinding, by: User): Promise<Operation> {
    this.require('remove')
    return this.onInstance((instance) => instance.destroy(by))
  }

  /** It is told no more, until it becomes another. */
  async forget(by: User): Promise<void> {
    this.require('forget')
    if (this.isForgotten) return
    await this.change('drift.forgotten', { forgottenAt: DateTime.utc(), forgottenById: by.id })
  }

  async recall(): Promise<void> {
    if (!this.isForgotten) return
    await this.change('drift.recalled', { forgottenAt: null, forgottenById: null })
  }

  get auditSubject(): AuditSubject {
    return { kind: 'drift', uid: this.uid, label: this.name }
  }

  private require(deed: DriftDeed): void {
    if (!this.deeds.includes(deed)) throw new NotPossibleNow()
  }

  /** Within the tenant whose instance it is. */
  private onInstance<Result>(work: (instance: Instance) => Promise<Result>): Promise<Result> {
    const { instance } = this
    if (!instance) throw new NotPossibleNow()
    return Tenant.run(instance.organizationId, () => work(instance))
  }

  private async change(
    action: AuditAction,
    { forgottenAt, forgottenById }: Pick<DriftFinding, 'forgottenAt' | 'forgottenById'>
  ): Promise<void> {
    await db.transaction(async (trx) => {
      this.forgottenAt = forgottenAt
      this.forgottenById = forgottenById
      await this.useTransaction(trx).save()
      await this.record(action, trx)
    })
  }

  private record(action: AuditAction, trx?: TransactionClientContract): Promise<void> {
    return AuditEvent.record(
      {
        action,
        organizationId: null,
        subject: this.auditSubject,
        after: { kind: this.kind, subject: this.subject },
      },
      trx
    )
  }
}
