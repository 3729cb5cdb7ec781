import { DateTime } from 'luxon'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { InstanceBusy } from '#exceptions/domain_error'
import type CopySchedule from '#models/copy_schedule'
import type Instance from '#models/instance'
import Operation, { openKey } from '#models/operation'
import Quota from '#models/quota'
import { sqlTime } from '#models/concerns/sql'
import type { CopyKind } from '#models/types'

type Place = { slot: number; replacesId: number | null }

/**
 * The places that an instance has for its copies of one kind. A copy that a schedule makes takes the place of the
 * oldest it made, with what that holds of the quota, so that a full instance goes on being copied; the older one
 * is only let go when the new one is there, and has its place back when there will be none.
 */
export class CopySlots {
  private readonly table: string
  private readonly resource: 'snapshots' | 'backups'

  constructor(
    private readonly kind: CopyKind,
    /** When the copy was there. */
    private readonly doneColumn: 'taken_at' | 'stored_at'
  ) {
    this.resource = `${kind}s`
    this.table = this.resource
  }

  /** A free place, or a schedule's own; null when all `maximum` are taken. @throws InstanceBusy */
  async find(
    instance: Instance,
    maximum: number,
    schedule: CopySchedule | undefined,
    trx: TransactionClientContract
  ): Promise<Place | null> {
    await refuseBusy(instance, trx)
    const oldest = schedule ? await this.toReplace(schedule, trx) : null
    if (oldest) {
      // The unique key of the table decides whose a place is: it is left before it is taken.
      await trx.from(this.table).where('id', oldest.id).update({ slot: null })
      return { slot: oldest.slot, replacesId: oldest.id }
    }
    const taken = new Set(await this.taken(instance, trx))
    for (let slot = 1; slot <= maximum; slot++) {
      if (!taken.has(slot)) return { slot, replacesId: null }
    }
    return null
  }

  /** The quota for it, or that of the one it replaces. @throws QuotaExceeded */
  async hold(
    { organizationId, id }: { organizationId: number; id: number },
    { replacesId }: Place,
    trx: TransactionClientContract
  ): Promise<void> {
    if (replacesId !== null) {
      return Quota.handOver(this.subject(replacesId), this.subject(id), trx)
    }
    return Quota.take(organizationId, this.subject(id), { [this.resource]: 1 }, trx)
  }

  /** It is there; the one whose place it took may go. */
  async done(id: number, replacesId: number | null, trx: TransactionClientContract): Promise<void> {
    const now = sqlTime(DateTime.utc())
    await trx
      .from(this.table)
      .where('id', id)
      .update({ [this.doneColumn]: now })
    if (replacesId === null) return
    await trx.from(this.table).where('id', replacesId).update({ expires_at: now })
  }

  /** There will be none; the one whose place it took has it back. */
  async giveUp(
    id: number,
    replacesId: number | null,
    trx: TransactionClientContract
  ): Promise<void> {
    await this.vacate(id, replacesId, trx)
    await trx.from(this.table).where('id', id).delete()
  }

  /** The same, but its row stays. */
  async vacate(
    id: number,
    replacesId: number | null,
    trx: TransactionClientContract
  ): Promise<void> {
    const given = await trx.from(this.table).where('id', id).first()
    if (given && replacesId !== null) {
      await Quota.handOver(this.subject(id), this.subject(replacesId), trx)
    }
    await trx.from(this.table).where('id', id).update({ slot: null })
    if (given && replacesId !== null) {
      await trx.from(this.table).where('id', replacesId).update({ slot: given.slot })
    }
    await Quota.giveBack(this.subject(id), trx)
  }

  /** Deletes rows, and with them places and what was taken of the quota. */
  async release(ids: number[], trx: TransactionClientContract): Promise<void> {
    await trx.from(this.table).whereIn('id', ids).delete()
    for (const id of ids.toSorted((a, b) => a - b)) await Quota.giveBack(this.subject(id), trx)
  }

  giveBackQuota(id: number, trx: TransactionClientContract): Promise<void> {
    return Quota.giveBack(this.subject(id), trx)
  }

  async taken({ id }: Instance, trx: TransactionClientContract): Promise<number[]> {
    const rows = await trx
      .from(this.table)
      .where('instance_id', id)
      .whereNotNull('slot')
      .select('slot')
    return rows.map(({ slot }) => Number(slot))
  }

  subject(id: number): string {
    return `${this.kind}-${id}`
  }

  /** The oldest of a schedule that keeps as many as it may; null: it may keep one more. */
  private async toReplace(
    { instanceId, rhythm, keep }: CopySchedule,
    trx: TransactionClientContract
  ): Promise<{ id: number; slot: number } | null> {
    const kept = await trx
      .from(this.table)
      .where({ instance_id: instanceId, rhythm })
      .whereNotNull('slot')
      .whereNotNull(this.doneColumn)
      .whereNull('expires_at')
      .orderBy('id')
      .select('id', 'slot')
    return kept.length >= keep ? { id: Number(kept[0].id), slot: Number(kept[0].slot) } : null
  }
}

/** Said before places are looked for: a busy instance is no reason to call it full. */
async function refuseBusy(instance: Instance, trx: TransactionClientContract) {
  const open = await Operation.query({ client: trx }).where('open_on', openKey(instance.id)).first()
  if (open) throw new InstanceBusy({ instance: instance.name, operation: open.uid })
}
