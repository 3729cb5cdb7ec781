import { DateTime } from 'luxon'
import logger from '@adonisjs/core/services/logger'
import { DomainError, InstanceBusy } from '#exceptions/domain_error'
import Backup from '#models/backup'
import CopySchedule from '#models/copy_schedule'
import Snapshot from '#models/snapshot'
import { sqlTime } from '#models/concerns/sql'
import { Tenant } from '#models/concerns/tenant'
import type { CopyKind } from '#models/types'

/** How many instances one round looks at; the next one is a minute later. */
const AT_ONCE = 200

export type CopyRound = { ordered: number; removed: number; refused: number }

/**
 * Makes what the schedules ask for and removes what has expired. A turn that comes while something else is done
 * with its instance waits for the next round; one that is refused is passed over, and its schedule tells why.
 */
export async function runSnapshotRound(): Promise<CopyRound> {
  const round = await takeTurns('snapshot')
  round.removed = await removeExpired()
  return round
}

export async function runBackupRound(): Promise<CopyRound> {
  const round = await takeTurns('backup')
  round.removed = await removeExpiredBackups()
  await purgeDeletedBackups()
  return round
}

async function takeTurns(makes: CopyKind): Promise<CopyRound> {
  const round: CopyRound = { ordered: 0, removed: 0, refused: 0 }
  for (const schedule of await CopySchedule.due(makes, AT_ONCE)) {
    await Tenant.run(schedule.organizationId, () => takeTurn(schedule, round))
  }
  return round
}

async function takeTurn(schedule: CopySchedule, round: CopyRound): Promise<void> {
  const { instance } = schedule
  try {
    const order = { by: null, requestKey: schedule.turn, schedule }
    await (schedule.makes === 'snapshot' ? instance.snapshot(order) : instance.backup(order))
    await schedule.advance(null)
    round.ordered += 1
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    if (error instanceof InstanceBusy) return
    logger.info({ instance: instance.uid, refusal: error.code }, 'a scheduled copy was refused')
    await schedule.advance(error.code)
    round.refused += 1
  }
}

/** All of one instance that have expired go in one operation. */
async function removeExpired(): Promise<number> {
  const expired = await Snapshot.query()
    .where('expires_at', '<=', sqlTime(DateTime.utc()))
    .whereNotExists((open) =>
      open
        .from('operations')
        .whereColumn('operations.instance_id', 'snapshots.instance_id')
        .whereNotNull('operations.open_on')
    )
    .whereHas('instance', (instance) =>
      instance.whereHas('cluster', (cluster) => cluster.whereNot('status', 'offline'))
    )
    .preload('instance')
    .orderBy('expires_at')
    .limit(AT_ONCE)
  let removed = 0
  for (const snapshots of Map.groupBy(expired, ({ instanceId }) => instanceId).values()) {
    const { instance } = snapshots[0]!
    try {
      await Tenant.run(instance.organizationId, () =>
        Snapshot.removeAll(instance, snapshots, { by: null })
      )
      removed += snapshots.length
    } catch (error) {
      if (!(error instanceof InstanceBusy)) throw error
    }
  }
  return removed
}

async function removeExpiredBackups(): Promise<number> {
  const expired = await Backup.query()
    .where('expires_at', '<=', sqlTime(DateTime.utc()))
    .whereNotNull('stored_at')
    .whereNull('deleted_at')
    .preload('instance')
    .orderBy('expires_at')
    .limit(AT_ONCE)
  for (const backup of expired) {
    await Tenant.run(backup.organizationId, () => backup.remove({ by: null }))
  }
  return expired.length
}

/** Those whose store was away when they were deleted, or given up: none that still has its place. */
async function purgeDeletedBackups(): Promise<void> {
  const deleted = await Backup.query()
    .whereNotNull('deleted_at')
    .whereNull('slot')
    .orderBy('id')
    .limit(AT_ONCE)
  for (const backup of deleted) {
    try {
      await backup.purge()
    } catch (error) {
      logger.warn({ backup: backup.uid, err: error }, 'an archive could not be removed yet')
    }
  }
}
