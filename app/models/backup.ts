import { DateTime } from 'luxon'
import type { Readable } from 'node:stream'
import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import logger from '@adonisjs/core/services/logger'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { backupKeepDays, backupsPerInstance, backupStore } from '#config/backups'
import { DEFAULT_TIME_ZONE } from '#config/i18n'
import { BackupSchema } from '#database/schema'
import type { Archive, KeptArchive } from '#drivers/contract'
import { settle } from '#drivers/settle'
import {
  BackupGone,
  BackupNameTaken,
  DiskCannotShrink,
  NotPossibleNow,
  PlanNotOffered,
  TooManyBackups,
} from '#exceptions/domain_error'
import AuditEvent from '#models/audit_event'
import Cluster from '#models/cluster'
import { nameNow } from '#models/copy_schedule'
import type CopySchedule from '#models/copy_schedule'
import { requireFacet } from '#models/facets'
import Image from '#models/image'
import Instance, { type DeedOrder, type Ordered } from '#models/instance'
import OneTimeSecret from '#models/one_time_secret'
import Operation from '#models/operation'
import Organization from '#models/organization'
import type Plan from '#models/plan'
import { plansFor } from '#models/resize'
import User from '#models/user'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { CopySlots } from '#models/concerns/copy_slots'
import { isUniqueViolation } from '#models/concerns/database_errors'
import { keysetPage, type Cursor, type KeysetPage } from '#models/concerns/keyset'
import { sqlTime } from '#models/concerns/sql'
import { transaction } from '#models/concerns/transaction'
import { newUid } from '#models/concerns/uid'
import {
  openArchive,
  readWholeArchive,
  removeArchive,
  type ArchivePlace,
  type ByteRange,
  type StoredArchive,
} from '#services/archive_store'

export type BackupOrder = DeedOrder & {
  /** Left out: one is made of the time. */
  name?: string | null
  schedule?: CopySchedule
  retryOf?: Operation
}

export type BackedUp = { backup: Backup; operation: Operation }

export type RestoreOrder = {
  /** Of the new instance. */
  name: string
  plan: Plan
  by: User
  requestKey?: string | null
}

const slots = new CopySlots('backup', 'stored_at')

/** A copy of an instance outside its cluster. It stays when the instance goes, and comes back as a new one. */
export default class Backup extends compose(BackupSchema, BelongsToOrganization) {
  @belongsTo(() => Instance)
  declare instance: BelongsTo<typeof Instance>

  @belongsTo(() => User, { foreignKey: 'createdById' })
  declare createdBy: BelongsTo<typeof User>

  @beforeCreate()
  static assignUid(backup: Backup) {
    backup.uid ??= newUid('bk')
  }

  /**
   * Takes a place among the instance's backups and of the organization's quota, and opens the operation that makes
   * it. Call `instance.backup(…)`.
   * @throws NotPossibleNow, ClusterCannot, InstanceSuspended, TooManyBackups, BackupNameTaken, QuotaExceeded,
   * InstanceBusy
   */
  static async order(instance: Instance, order: BackupOrder): Promise<BackedUp> {
    if (!instance.isProvisioned) throw new NotPossibleNow()
    await requireFacet(instance, 'backups')
    const { by, requestKey, retryOf, schedule } = order
    const name = order.name ?? schedule?.nameNow ?? nameNow(by?.timeZone ?? DEFAULT_TIME_ZONE)
    try {
      const operation = await instance.begin(
        { type: 'backup.create', requestedBy: by, requestKey, retryOf },
        (trx) => Backup.accept(instance, { ...order, name }, trx)
      )
      return { operation, backup: await Backup.findOrFail(operation.input.backupId) }
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      throw new BackupNameTaken({ name }, { cause: error })
    }
  }

  private static async accept(
    instance: Instance,
    { name, by, schedule }: BackupOrder & { name: string },
    trx: TransactionClientContract
  ) {
    await instance.refuseSuspended(trx)
    const maximum = backupsPerInstance
    const place = await slots.find(instance, maximum, schedule, trx)
    if (!place) throw new TooManyBackups({ maximum })
    const uid = newUid('bk')
    const keptUntil = backupKeepDays === null ? null : DateTime.utc().plus({ days: backupKeepDays })
    const backup = await Backup.create(
      {
        uid,
        organizationId: instance.organizationId,
        instanceId: instance.id,
        name,
        slot: place.slot,
        rhythm: schedule?.rhythm ?? null,
        diskGib: instance.diskGib,
        store: backupStore,
        archiveKey: `${uid}.tar.gz`,
        // What a schedule makes goes when newer ones are there.
        expiresAt: schedule ? null : keptUntil,
        createdById: by?.id ?? null,
      },
      { client: trx }
    )
    await slots.hold(backup, place, trx)
    return { backupId: backup.id, backup: name, replacesId: place.replacesId }
  }

  /** All of it is in the store. */
  static stored(
    id: number,
    replacesId: number | null,
    trx: TransactionClientContract
  ): Promise<void> {
    return slots.done(id, replacesId, trx)
  }

  /** It will never be. What the store may still keep of it is left to the round. */
  static async giveUp(
    id: number,
    replacesId: number | null,
    trx: TransactionClientContract
  ): Promise<void> {
    const left = await trx.from('backups').where('id', id).whereNotNull('deleted_at').first()
    await (left ? slots.vacate(id, replacesId, trx) : slots.giveUp(id, replacesId, trx))
  }

  /** It stays in its cluster, under that key. */
  async keep(this: Backup, { keptAs, sizeBytes }: KeptArchive): Promise<void> {
    await this.merge({ store: 'cluster', archiveKey: keptAs, sizeBytes }).save()
  }

  async measure(this: Backup, { sizeBytes, sha256 }: StoredArchive): Promise<void> {
    await this.merge({ sizeBytes, digest: sha256 }).save()
  }

  /** Its operation is about to give it up, and its store is away. It keeps its place until then. */
  async leaveToRound(this: Backup): Promise<void> {
    await this.merge({ name: this.uid, deletedAt: DateTime.utc() }).save()
  }

  /** Newest first, page by page; those of instances that are gone as well. With `instance` and `createdBy`. */
  static pageOf(
    organization: Organization,
    cursor: Cursor,
    size: number
  ): Promise<KeysetPage<Backup>> {
    const query = Backup.query()
      .where('organization_id', organization.id)
      .whereNull('deleted_at')
      .preload('instance')
      .preload('createdBy')
    const order = { columns: ['id'], descending: true, keyOf: ({ id }: Backup) => [id] }
    return keysetPage(query, order, cursor, size, (narrowed) => narrowed)
  }

  /** Which of an organization are being made at this moment, by their ids. */
  static async underWay({ id }: Organization): Promise<ReadonlySet<number>> {
    const open = await Operation.query()
      .where({ organizationId: id, type: 'backup.create' })
      .whereNotNull('open_on')
    return new Set(open.map(({ input }) => Number(input.backupId)))
  }

  /** Newest first. With `instance` and `createdBy`. */
  static ofInstance(instance: Instance): Promise<Backup[]> {
    return Backup.query()
      .where('instance_id', instance.id)
      .whereNull('deleted_at')
      .preload('instance')
      .preload('createdBy')
      .orderBy('id', 'desc')
      .exec()
  }

  /** With its `instance`, which may be deleted. @throws E_ROW_NOT_FOUND */
  static of(organization: Organization, uid: string): Promise<Backup> {
    return Backup.query()
      .where('organization_id', organization.id)
      .where('uid', uid)
      .whereNull('deleted_at')
      .preload('instance')
      .preload('createdBy')
      .firstOrFail()
  }

  /** Whoever's it is, for staff: call it within `Tenant.system`. With `instance` and its organization. @throws E_ROW_NOT_FOUND */
  static anywhere(uid: string): Promise<Backup> {
    return Backup.query()
      .where('uid', uid)
      .whereNull('deleted_at')
      .preload('instance', (instance) => instance.preload('organization'))
      .preload('createdBy')
      .firstOrFail()
  }

  /** What lies in the store. @throws BackupGone while it is not whole, NotPossibleNow where its cluster keeps it */
  get archive(): StoredArchive {
    if (!this.isStored) throw new BackupGone()
    if (this.keptAs !== null) throw new NotPossibleNow()
    return { sizeBytes: this.sizeBytes!, sha256: this.digest! }
  }

  /** Hands the archive out, or some of it. Needs `instance`. @throws BackupBroken, StoreAway, StoreRefused */
  async download(by: User, range: ByteRange): Promise<Readable> {
    await this.record('backup.downloaded', by)
    return openArchive(this.place, range)
  }

  /** As what it is saved. Needs `instance`. */
  get fileName(): string {
    return `${this.instance.name}-${this.uid}.tar.gz`
  }

  /** For the step that makes an instance of it; it breaks off when it is not what was stored. @throws BackupGone */
  read(): Archive {
    if (!this.isStored || this.deletedAt) throw new BackupGone()
    const { keptAs } = this
    if (keptAs !== null) return { keptAs, sizeBytes: this.sizeBytes! }
    const { archive, place } = this
    return { stream: readWholeArchive(place, archive), sizeBytes: archive.sizeBytes }
  }

  /** To what it can be restored: what is on offer where it came from, with room for its disk. Needs `instance`. */
  async plans(): Promise<Plan[]> {
    const plans = await plansFor(this.instance)
    return plans.filter(({ diskGib }) => diskGib >= this.diskGib)
  }

  /**
   * Orders a new instance that has what was on the disk; its address, password and name are its own. Needs
   * `instance`.
   * @throws BackupGone, PlanNotOffered, DiskCannotShrink, ClusterCannot, and all that Instance.order throws
   */
  async restore(this: Backup, { name, plan, by, requestKey }: RestoreOrder): Promise<Ordered> {
    if (!this.isStored) throw new BackupGone()
    await requireFacet(this.instance, 'backups')
    const offered = await plansFor(this.instance)
    if (!offered.some(({ id }) => id === plan.id)) throw new PlanNotOffered()
    if (plan.diskGib < this.diskGib) throw new DiskCannotShrink({ least: this.diskGib })
    return Instance.order(await Organization.findOrFail(this.organizationId), {
      name,
      plan,
      image: await Image.findOrFail(this.instance.imageId),
      backup: this,
      rootPassword: OneTimeSecret.newPassword(),
      sshKeys: [],
      requestedBy: by,
      requestKey,
    })
  }

  /**
   * Deletes it: nobody sees it any more from now on, and its archive goes at once or, when the store is away, by the
   * round. Needs `instance`. `by` null: its time had come.
   */
  async remove(this: Backup, { by }: DeedOrder): Promise<void> {
    const inUse = await Operation.query()
      .where('instance_id', this.instanceId)
      .where('type', 'backup.create')
      .whereNotNull('open_on')
      .first()
    if (inUse?.input.backupId === this.id) throw new NotPossibleNow()
    await transaction(async (trx) => {
      // Its name and place are free at once.
      await trx
        .from('backups')
        .where('id', this.id)
        .update({
          deleted_at: sqlTime(DateTime.utc()),
          slot: null,
          name: this.uid,
        })
      await slots.giveBackQuota(this.id, trx)
      await this.record('backup.deleted', by, trx)
    })
    await this.purge().catch((error) => {
      logger.warn({ backup: this.uid, err: error }, 'an archive could not be removed yet')
    })
  }

  /** Its archive, and then its row. */
  async purge(): Promise<void> {
    if (this.keptAs === null) await removeArchive(this.place)
    else await this.removeKept(this.keptAs)
    await Backup.query().where('id', this.id).whereNotNull('deleted_at').delete()
  }

  /** The same order once more, after it was taken back. */
  static async repeat(instance: Instance, ended: Operation, by: User): Promise<Operation> {
    const { operation } = await Backup.order(instance, {
      name: String(ended.input.backup),
      by,
      retryOf: ended,
    })
    return operation
  }

  get isStored(): boolean {
    return this.storedAt !== null
  }

  /** @throws NotPossibleNow where its cluster keeps it */
  get place(): ArchivePlace {
    if (this.store === 'cluster') throw new NotPossibleNow()
    return { store: this.store, key: this.archiveKey }
  }

  /** Where its cluster keeps it; null: it left it. */
  get keptAs(): string | null {
    return this.store === 'cluster' ? this.archiveKey : null
  }

  private async removeKept(keptAs: string): Promise<void> {
    const { clusterId } = await Instance.findOrFail(this.instanceId)
    const cluster = await Cluster.findOrFail(clusterId)
    const driver = await cluster.openDriver()
    try {
      const { backups } = driver
      if (backups?.forget) await settle(driver, await backups.forget(keptAs))
    } finally {
      await driver.close()
    }
  }

  private record(
    action: 'backup.downloaded' | 'backup.deleted',
    by: User | null,
    trx?: TransactionClientContract
  ): Promise<void> {
    return AuditEvent.record(
      {
        action,
        organizationId: this.organizationId,
        subject: this.instance.auditSubject,
        after: { backup: this.name, sha256: this.digest },
        actor: by ?? 'system',
      },
      trx
    )
  }
}
