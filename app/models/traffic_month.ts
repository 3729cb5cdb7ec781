import { DateTime } from 'luxon'
import mail from '@adonisjs/mail/services/main'
import logger from '@adonisjs/core/services/logger'
import { TrafficMonthSchema } from '#database/schema'
import { InstanceBusy } from '#exceptions/domain_error'
import TrafficMail, { type TrafficNews } from '#mails/traffic_mail'
import AuditEvent from '#models/audit_event'
import Instance from '#models/instance'
import Notice from '#models/notice'
import { readersOf } from '#models/notice_preference'
import Organization from '#models/organization'
import Suspension from '#models/suspension'
import { sqlTime } from '#models/concerns/sql'
import { transaction } from '#models/concerns/transaction'
import type { TrafficAction } from '#models/types'

export const GIB = 2 ** 30
/** From this share of the month's traffic on its people are warned. */
const NEAR = 0.8

/** How an instance stands in its month, for whoever decides what follows. */
export type TrafficStanding = {
  instanceId: number
  organizationId: number
  month: string
  /** Both directions, without what was waived. */
  usedBytes: number
  waivedBytes: number
  /** null: as much as it likes. */
  allowedGib: number | null
  action: TrafficAction
  /** What a throttle leaves, and what it has left now; null: it is not throttled. */
  throttleMbps: number
  throttledMbps: number | null
  /** For its traffic; other reasons are not looked at. */
  isSuspended: boolean
  isWarned: boolean
  isExceeded: boolean
}

/** What one instance sent and received in a month, by the calendar of its cluster. */
export default class TrafficMonth extends TrafficMonthSchema {
  /** The month that goes on, of an instance whose cluster is loaded; null before anything was counted. */
  static current(instance: Instance): Promise<TrafficMonth | null> {
    const month = monthOf(Date.now(), instance.cluster.timeZone)
    return TrafficMonth.query().where({ instanceId: instance.id, month }).first()
  }

  /** Both directions, without what was waived. */
  get usedBytes(): number {
    return this.receivedBytes + this.sentBytes - this.waivedBytes
  }

  /** Staff begin the count anew; what followed from it is lifted. */
  async waive(instance: Instance): Promise<void> {
    await transaction(async (trx) => {
      const row = await TrafficMonth.query({ client: trx })
        .where('id', this.id)
        .forUpdate()
        .firstOrFail()
      const before = { usedBytes: row.usedBytes }
      row.waivedBytes = row.receivedBytes + row.sentBytes
      row.warnedAt = row.exceededAt = null
      await row.save()
      await AuditEvent.record(
        {
          action: 'instance.traffic_reset',
          organizationId: instance.organizationId,
          subject: instance.auditSubject,
          before,
          after: { usedBytes: 0 },
        },
        trx
      )
    })
    await this.refresh()
    await judgeTraffic([await standingOf(instance, this)])
  }
}

/** 2026-11, as a calendar in that zone has it. */
export function monthOf(atMs: number, timeZone: string): string {
  const known = MONTHS.get(timeZone)
  if (known && atMs >= known.fromMs && atMs < known.toMs) return known.month
  const at = DateTime.fromMillis(atMs, { zone: timeZone })
  const from = at.startOf('month')
  const month = at.toFormat('yyyy-MM')
  MONTHS.set(timeZone, {
    month,
    fromMs: from.toMillis(),
    toMs: from.plus({ months: 1 }).toMillis(),
  })
  return month
}

/** The one asked for last in each zone: every answer to a billing system asks for the same three. */
const MONTHS = new Map<string, { month: string; fromMs: number; toMs: number }>()

/** When the month that goes on is over. */
export function monthEnd(atMs: number, timeZone: string): DateTime {
  return DateTime.fromMillis(atMs, { zone: timeZone }).startOf('month').plus({ months: 1 })
}

/** 0 and more; null: it may use as much as it likes. */
export function shareOf({
  usedBytes,
  allowedGib,
}: Pick<TrafficStanding, 'usedBytes' | 'allowedGib'>): number | null {
  return allowedGib === null ? null : usedBytes / (allowedGib * GIB)
}

export function isNear(share: number | null): boolean {
  return share !== null && share >= NEAR
}

export function isOver(share: number | null): boolean {
  return share !== null && share >= 1
}

/**
 * Tells people and changes clusters where a standing demands it. It compares what should be with what is, so
 * that nothing depends on seeing the very moment: what could not be done now is due again at the next count.
 */
export async function judgeTraffic(standings: TrafficStanding[]): Promise<void> {
  for (const standing of standings) {
    try {
      await judge(standing)
    } catch (error) {
      if (error instanceof InstanceBusy) continue
      logger.warn({ instanceId: standing.instanceId, err: error }, 'traffic could not be judged')
    }
  }
}

async function judge(standing: TrafficStanding): Promise<void> {
  const share = shareOf(standing)
  if (isOver(share) && !standing.isExceeded) await tell(standing, 'exceeded')
  else if (isNear(share) && !standing.isWarned) await tell(standing, 'near')

  const wanted = standing.action === 'throttle' && isOver(share) ? standing.throttleMbps : null
  if (wanted !== standing.throttledMbps) await throttle(standing, wanted)

  const isBarred = standing.action === 'suspend' && isOver(share)
  if (isBarred !== standing.isSuspended) await bar(standing, isBarred)
}

/** The mails are in the queue before the row says so: rather twice than never. */
async function tell(standing: TrafficStanding, news: TrafficNews): Promise<void> {
  await transaction(async (trx) => {
    const row = await TrafficMonth.query({ client: trx })
      .where({ instanceId: standing.instanceId, month: standing.month })
      .forUpdate()
      .firstOrFail()
    if (news === 'exceeded' ? row.exceededAt : row.warnedAt) return
    const instance = await Instance.query({ client: trx })
      .where('id', standing.instanceId)
      .preload('cluster')
      .firstOrFail()
    const organization = await Organization.findOrFail(standing.organizationId, { client: trx })
    const until = monthEnd(Date.now(), instance.cluster.timeZone)
    for (const reader of await readersOf(standing.organizationId, 'traffic', trx)) {
      await mail.sendLater(new TrafficMail(reader, news, instance, organization, standing, until))
    }
    const { month, usedBytes, allowedGib } = standing
    await Notice.raise(
      standing.organizationId,
      `traffic.${news}`,
      { name: instance.name, instance: instance.uid, month, usedBytes, allowedGib },
      trx
    )
    const now = sqlTime(DateTime.utc())
    await trx
      .from('traffic_months')
      .where('id', row.id)
      .update({
        warned_at: row.warnedAt ? undefined : now,
        ...(news === 'exceeded' && { exceeded_at: now }),
      })
    await AuditEvent.record(
      {
        action: `instance.traffic_${news}`,
        organizationId: standing.organizationId,
        subject: instance.auditSubject,
        after: {
          month: standing.month,
          usedBytes: standing.usedBytes,
          allowedGib: standing.allowedGib,
        },
        actor: 'system',
      },
      trx
    )
  })
}

async function throttle(standing: TrafficStanding, mbps: number | null): Promise<void> {
  const instance = await Instance.findOrFail(standing.instanceId)
  await instance.throttle(mbps, keyOf(standing, mbps === null ? 'lift' : `throttle-${mbps}`))
}

/** A person who lifts it by hand is not overruled before the next month or count: the key is taken. */
async function bar(standing: TrafficStanding, isBarred: boolean): Promise<void> {
  const instance = await Instance.findOrFail(standing.instanceId)
  const order = { by: null, requestKey: keyOf(standing, isBarred ? 'suspend' : 'unsuspend') }
  if (isBarred) await instance.suspend('traffic', order)
  else await instance.unsuspend('traffic', order)
}

/** What follows from one count is asked for once; what failed then is a person's to try again. */
function keyOf({ instanceId, month, waivedBytes, allowedGib }: TrafficStanding, deed: string) {
  return `traffic:${instanceId}:${month}:${waivedBytes}:${allowedGib}:${deed}`
}

async function standingOf(instance: Instance, month: TrafficMonth): Promise<TrafficStanding> {
  const suspension = await Suspension.query()
    .where({ instanceId: instance.id, reason: 'traffic' })
    .whereNotNull('open_on')
    .first()
  return {
    instanceId: instance.id,
    organizationId: instance.organizationId,
    month: month.month,
    usedBytes: month.usedBytes,
    waivedBytes: month.waivedBytes,
    allowedGib: instance.trafficGib,
    action: instance.trafficAction,
    throttleMbps: instance.throttleMbps,
    throttledMbps: instance.throttledMbps,
    isSuspended: suspension !== null,
    isWarned: month.warnedAt !== null,
    isExceeded: month.exceededAt !== null,
  }
}
