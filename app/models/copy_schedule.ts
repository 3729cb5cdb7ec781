import { DateTime } from 'luxon'
import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { backupsPerInstance } from '#config/backups'
import { CopyScheduleSchema } from '#database/schema'
import type { Facet } from '#drivers/contract'
import { KeepsTooMany, NotPossibleNow } from '#exceptions/domain_error'
import AuditEvent from '#models/audit_event'
import { requireFacet } from '#models/facets'
import Instance from '#models/instance'
import User from '#models/user'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { affected, sqlTime } from '#models/concerns/sql'
import { transaction } from '#models/concerns/transaction'
import { newUid } from '#models/concerns/uid'
import { COPY_RHYTHMS, type CopyKind, type CopyRhythm } from '#models/types'

export type ScheduleWish = {
  rhythm: CopyRhythm
  keep: number
  /** 0 to 23, where the cluster is. */
  hour: number
  /** 1 Monday … 7 Sunday. */
  weekday: number
}

/** Where each kind stands, and how many of it an instance may have at once. */
const KINDS: Record<
  CopyKind,
  { table: string; facet: Facet; mostKept(instance: Instance): number }
> = {
  snapshot: {
    table: 'snapshots',
    facet: 'snapshots',
    mostKept: ({ snapshotLimit }) => snapshotLimit,
  },
  backup: { table: 'backups', facet: 'backups', mostKept: () => backupsPerInstance },
}

/** Copies that an instance gets by itself: what, how often, and how many of them are kept. */
export default class CopySchedule extends compose(CopyScheduleSchema, BelongsToOrganization) {
  @belongsTo(() => Instance)
  declare instance: BelongsTo<typeof Instance>

  @belongsTo(() => User, { foreignKey: 'createdById' })
  declare createdBy: BelongsTo<typeof User>

  @beforeCreate()
  static assignUid(schedule: CopySchedule) {
    schedule.uid ??= newUid('y')
  }

  /**
   * From now on, so often; a schedule of that rhythm that is there already is changed.
   * @throws NotPossibleNow before it was made, ClusterCannot, KeepsTooMany
   */
  static async set(
    instance: Instance,
    makes: CopyKind,
    wish: ScheduleWish,
    by: User | null
  ): Promise<CopySchedule> {
    if (!instance.isProvisioned) throw new NotPossibleNow()
    await requireFacet(instance, KINDS[makes].facet)
    await instance.load('cluster')
    const maximum = KINDS[makes].mostKept(instance)
    if (wish.keep > maximum) throw new KeepsTooMany({ maximum })
    return transaction(async (trx) => {
      await instance.lock(trx)
      const known = await CopySchedule.query({ client: trx })
        .where({ instanceId: instance.id, makes, rhythm: wish.rhythm })
        .first()
      const schedule = known ?? new CopySchedule()
      schedule.useTransaction(trx)
      schedule.merge({
        organizationId: instance.organizationId,
        instanceId: instance.id,
        makes,
        ...wish,
        refusal: null,
        createdById: by?.id ?? null,
      })
      schedule.nextAt = nextTurn(wish, instance, DateTime.utc())
      await schedule.save()
      await schedule.letSurplusExpire(trx)
      await schedule.record('copy_schedule.set', instance, trx)
      return schedule
    })
  }

  /** In the order hourly, daily, weekly. */
  static async ofInstance(instance: Instance, makes: CopyKind): Promise<CopySchedule[]> {
    const schedules = await CopySchedule.query().where({ instanceId: instance.id, makes })
    return schedules.sort((a, b) => COPY_RHYTHMS.indexOf(a.rhythm) - COPY_RHYTHMS.indexOf(b.rhythm))
  }

  /** @throws E_ROW_NOT_FOUND */
  static of(instance: Instance, makes: CopyKind, uid: string): Promise<CopySchedule> {
    return CopySchedule.query().where({ instanceId: instance.id, makes, uid }).firstOrFail()
  }

  /** Of what it made, all but the newest that it keeps. */
  private async letSurplusExpire(trx: TransactionClientContract): Promise<void> {
    const kept = await trx
      .from(this.table)
      .where({ instance_id: this.instanceId, rhythm: this.rhythm })
      .whereNull('expires_at')
      .orderBy('id', 'desc')
      .select('id')
    const surplus = kept.slice(this.keep).map(({ id }) => Number(id))
    await trx
      .from(this.table)
      .whereIn('id', surplus)
      .update({ expires_at: sqlTime(DateTime.utc()) })
  }

  private get table(): string {
    return KINDS[this.makes].table
  }

  /** Nothing is made by it any more; what it made stays, and is its owner's to delete. */
  async end(instance: Instance): Promise<void> {
    await transaction(async (trx) => {
      await trx
        .from(this.table)
        .where({ instance_id: this.instanceId, rhythm: this.rhythm })
        .update({ rhythm: null })
      await this.useTransaction(trx).delete()
      await this.record('copy_schedule.ended', instance, trx)
    })
  }

  /** Whose turn has come, where the cluster answers. With `instance.cluster`. */
  static due(makes: CopyKind, limit: number): Promise<CopySchedule[]> {
    return CopySchedule.query()
      .where('makes', makes)
      .where('next_at', '<=', sqlTime(DateTime.utc()))
      .whereHas('instance', (instance) =>
        instance
          .whereNull('deleted_at')
          .whereHas('cluster', (cluster) => cluster.whereNot('status', 'offline'))
      )
      .preload('instance', (instance) => instance.preload('cluster'))
      .orderBy('next_at')
      .limit(limit)
      .exec()
  }

  /** This turn was had, or passed over for a reason that is kept; the next one is set. Whoever is first does it. */
  async advance(refusal: string | null): Promise<void> {
    const next = nextTurn(this, this.instance, DateTime.utc())
    const advanced = await CopySchedule.query()
      .where({ id: this.id, nextAt: sqlTime(this.nextAt) })
      .update({ nextAt: sqlTime(next), refusal })
    if (affected(advanced) > 0) this.nextAt = next
  }

  /** Names one turn, so that it is had once, whoever comes to it how often. */
  get turn(): string {
    return `schedule-${this.id}-${this.nextAt.toMillis()}`
  }

  /** What a copy made now is called. Needs `instance.cluster`. */
  get nameNow(): string {
    return `${this.rhythm} ${nameNow(this.instance.cluster.timeZone)}`
  }

  private record(
    action: 'copy_schedule.set' | 'copy_schedule.ended',
    instance: Instance,
    trx: TransactionClientContract
  ): Promise<void> {
    return AuditEvent.record(
      {
        action,
        organizationId: instance.organizationId,
        subject: instance.auditSubject,
        after: { makes: this.makes, rhythm: this.rhythm, keep: this.keep },
      },
      trx
    )
  }
}

/** `2026-11-21 16:30:05`: sorts by time, and no two are alike. */
export function nameNow(zone: string): string {
  return DateTime.now().setZone(zone).toFormat('yyyy-MM-dd HH:mm:ss')
}

/**
 * The first turn after a moment. Instances of one cluster come to it at minutes of their own, or all their disks
 * would be copied at the same time.
 */
export function nextTurn(
  { rhythm, hour, weekday }: Pick<ScheduleWish, 'rhythm' | 'hour' | 'weekday'>,
  instance: Pick<Instance, 'id' | 'cluster'>,
  after: DateTime
): DateTime {
  const local = after.setZone(instance.cluster.timeZone)
  const minute = (instance.id * 37) % 60
  const at = local.set({ minute, second: 0, millisecond: 0 })
  switch (rhythm) {
    case 'hourly':
      return (at > local ? at : at.plus({ hours: 1 })).toUTC()
    case 'daily': {
      const today = at.set({ hour })
      return (today > local ? today : today.plus({ days: 1 })).toUTC()
    }
    case 'weekly': {
      const thisWeek = at.set({ hour, weekday: weekday as 1 | 2 | 3 | 4 | 5 | 6 | 7 })
      return (thisWeek > local ? thisWeek : thisWeek.plus({ weeks: 1 })).toUTC()
    }
  }
}
