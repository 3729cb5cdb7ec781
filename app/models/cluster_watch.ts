import { setTimeout as sleep } from 'node:timers/promises'
import { DateTime } from 'luxon'
import db from '@adonisjs/lucid/services/db'
import logger from '@adonisjs/core/services/logger'
import type { ComputeDriver, RemoteInstance } from '#drivers/contract'
import Cluster from '#models/cluster'
import { affected, sqlTime } from '#models/concerns/sql'
import { Tenant } from '#models/concerns/tenant'
import { announceInstances } from '#services/progress'

/** How soon a cluster that is new, or answers again, is watched. */
const LOOK_MS = 15_000
/** After a connection that broke. */
const AGAIN_MS = 2_000

type SeenRow = {
  id: number
  uid: string
  organization_id: number
  power_state: string
  missing_since: unknown
}

/**
 * Listens to what clusters tell, so that a page shows within a second what the sync would find within a
 * minute. Every worker listens: who is first writes and announces, for the others nothing is left to change.
 * The sync stays the one that finds everything; this only makes it look slow.
 */
export class ClusterWatches {
  private readonly watched = new Map<number, AbortController>()
  private timer: NodeJS.Timeout | null = null

  start(): void {
    void this.look()
    this.timer = setInterval(() => void this.look(), LOOK_MS)
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer)
    for (const ending of this.watched.values()) ending.abort()
    this.watched.clear()
  }

  private async look(): Promise<void> {
    try {
      const present = await Tenant.system('watch clusters', () =>
        Cluster.present().where('status', 'online')
      )
      const ready = present.filter(({ isReady }) => isReady)
      for (const [id, ending] of this.watched) {
        if (ready.some((cluster) => cluster.id === id)) continue
        ending.abort()
        this.watched.delete(id)
      }
      for (const cluster of ready) if (!this.watched.has(cluster.id)) this.begin(cluster)
    } catch (error) {
      logger.warn({ err: error }, 'clusters to watch could not be read')
    }
  }

  private begin(cluster: Cluster): void {
    const ending = new AbortController()
    this.watched.set(cluster.id, ending)
    Tenant.system('watch a cluster', () => new ClusterWatch(cluster).run(ending.signal))
      .catch((error) => logger.debug({ cluster: cluster.uid, err: error }, 'watching a cluster'))
      .then(() => sleep(AGAIN_MS, undefined, { signal: ending.signal, ref: false }))
      // From here on the next look begins it anew, with the credentials of then.
      .then(() => this.watched.delete(cluster.id))
      .catch(() => {})
  }
}

/** Follows one cluster until the signal or the connection ends. */
export class ClusterWatch {
  private readonly asked = new Set<string>()
  private readonly reading = new Set<string>()

  constructor(private readonly cluster: Cluster) {}

  async run(signal: AbortSignal, onReady: () => void = () => {}): Promise<void> {
    const driver = await this.cluster.openDriver()
    try {
      const onChange = (ref: string) => void this.observe(driver, ref)
      await driver.events?.watch({ onReady, onChange }, signal)
      // A cluster that tells nothing is not asked again before it is removed.
      if (!driver.events) await aborted(signal)
    } finally {
      await driver.close().catch((error) => logger.warn({ err: error }, 'closing a driver'))
    }
  }

  /** Events come in handfuls: while one reading goes on, the next waits for all that come meanwhile. */
  private async observe(driver: ComputeDriver, ref: string): Promise<void> {
    this.asked.add(ref)
    if (this.reading.has(ref)) return
    this.reading.add(ref)
    try {
      while (this.asked.delete(ref)) await this.store(ref, await driver.instances.find(ref))
    } catch (error) {
      logger.debug({ cluster: this.cluster.uid, err: error }, 'an event led to no reading')
    } finally {
      this.reading.delete(ref)
    }
  }

  /** One with an open operation is left to it: the operation looks for itself when it ends. */
  private async store(ref: string, seen: RemoteInstance | null): Promise<void> {
    const row: SeenRow | null = await db
      .from('instances')
      .where({ cluster_id: this.cluster.id, ref })
      .whereNotNull('provisioned_at')
      .whereNull('deleted_at')
      .select('id', 'uid', 'organization_id', 'power_state', 'missing_since')
      .first()
    if (!row) return
    // The same name with another stamp is somebody else's: ours is gone.
    const isMissing = seen?.stamp !== row.uid
    const powerState = isMissing ? 'unknown' : seen!.power
    if (powerState === row.power_state && isMissing === (row.missing_since !== null)) return
    const now = sqlTime(DateTime.utc())
    const changed = await db
      .from('instances')
      .where({ id: row.id, power_state: row.power_state })
      .whereNotExists((open) =>
        open
          .from('operations')
          .whereColumn('operations.instance_id', 'instances.id')
          .whereNotNull('operations.open_on')
      )
      .update({
        power_state: powerState,
        observed_at: now,
        missing_since: isMissing ? db.raw('coalesce(missing_since, ?)', [now]) : null,
      })
    if (affected(changed) === 0) return
    await announceInstances([
      { organizationId: row.organization_id, instanceUid: row.uid, powerState, isMissing },
    ])
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
