import { DateTime } from 'luxon'
import db from '@adonisjs/lucid/services/db'
import logger from '@adonisjs/core/services/logger'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { examineEveryMs } from '#config/doctor'
import { DriverError } from '#drivers/errors'
import Cluster from '#models/cluster'
import { consoleAccounts } from '#models/doctor/consoles'
import { clocks, contact } from '#models/doctor/contact'
import { machines, warnings } from '#models/doctor/machines'
import { addresses, forwarding, networks, reach } from '#models/doctor/networking'
import { drift, images, operations } from '#models/doctor/records'
import { verdict, type Verdict } from '#models/doctor/verdict'
import { affected, sqlTime } from '#models/concerns/sql'
import { within } from '#models/concerns/within'
import type { ComputeDriver } from '#drivers/contract'
import * as queue from '#services/queue'

/** Longest time for one look. */
const LOOK_MS = 45_000
/** While this lasts no other examination of the cluster begins. */
const CLAIM_MS = 240_000
const AT_ONCE = 4

/** How far an examination is, or when the last one ended. */
export type ExaminationProgress = {
  isRunning: boolean
  done: number
  total: number
  /** As the row has it. */
  endedAt: string | Date | null
}

/** One look at a cluster; `known`: what the looks before it came to. */
type Look = {
  /** What is said when it fails or cannot be begun. */
  blind: Verdict[]
  at(cluster: Cluster, driver: ComputeDriver, known: Verdict[]): Promise<Verdict[]>
}

/** Looks that need no word with the cluster. */
const OF_ROWS: ((cluster: Cluster) => Promise<Verdict[]>)[] = [
  addresses,
  images,
  forwarding,
  drift,
  operations,
]

const OF_CLUSTER: Look[] = [
  {
    blind: [verdict('nodes_unknown'), verdict('memory_unknown'), verdict('storage_unknown')],
    at: (_cluster, driver) => machines(driver),
  },
  { blind: [verdict('network_unknown')], at: networks },
  {
    blind: [verdict('gateway_unknown'), verdict('names_unknown'), verdict('outside_unknown')],
    at: reach,
  },
  { blind: [], at: consoleAccounts },
  { blind: [], at: clocks },
  { blind: [verdict('warnings_unknown')], at: (_cluster, driver) => warnings(driver) },
]

const LOOKS = 1 + OF_ROWS.length + OF_CLUSTER.length

/**
 * Goes through all the ways in which a cluster is known to get stuck, and writes down how each stands. It reads
 * only. Of two at once one gives way.
 */
export class Examination {
  private readonly claimedUntil = Date.now() + CLAIM_MS
  private readonly now = DateTime.utc()
  private done = 0

  constructor(private readonly cluster: Cluster) {}

  /** Has a worker examine the cluster soon. A queue that is away costs a minute: the row is what counts. */
  static async ask(cluster: Cluster): Promise<void> {
    const askedAt = sqlTime(DateTime.utc())
    await db
      .insertQuery()
      .table('doctor_examinations')
      .insert({ cluster_id: cluster.id, asked_at: askedAt })
      .onConflict('cluster_id')
      .merge(['asked_at'])
    await queue.examine(cluster.id)
  }

  /** Those that somebody asked for, and those of which the last is too long ago. */
  static async runDue(): Promise<number> {
    const since = sqlTime(DateTime.utc().minus({ milliseconds: examineEveryMs }))
    const due = await Cluster.present()
      .whereNotExists((recent) =>
        recent
          .from('doctor_examinations')
          .whereColumn('doctor_examinations.cluster_id', 'clusters.id')
          .whereNull('asked_at')
          .where('ended_at', '>', since)
      )
      .orderBy('id')
    const waiting = due.filter(({ isReady }) => isReady)
    let examined = 0
    const workers = Array.from({ length: AT_ONCE }, async () => {
      for (let cluster = waiting.shift(); cluster; cluster = waiting.shift()) {
        if (await new Examination(cluster).run()) examined += 1
      }
    })
    await Promise.all(workers)
    return examined
  }

  /** null: nobody has looked yet, and nobody asked to. */
  static async progressOf({ id }: Pick<Cluster, 'id'>): Promise<ExaminationProgress | null> {
    const row = await db.from('doctor_examinations').where('cluster_id', id).first()
    if (!row) return null
    const isClaimed = row.claimed_until !== null && Number(row.claimed_until) > Date.now()
    return {
      isRunning: isClaimed || row.asked_at !== null,
      done: row.done,
      total: row.total || LOOKS,
      endedAt: row.ended_at,
    }
  }

  /** false: another one runs. */
  async run(): Promise<boolean> {
    if (!(await this.claim())) return false
    try {
      const verdicts = await this.look()
      await db.transaction((trx) => this.store(verdicts, trx))
    } finally {
      await this.release()
    }
    return true
  }

  private async look(): Promise<Verdict[]> {
    const verdicts = await Promise.all(OF_ROWS.map((look) => this.counted(look(this.cluster))))
    const known = verdicts.flat()
    const met = await this.counted(within(LOOK_MS, contact(this.cluster)))
    const { driver } = met
    known.push(...met.verdicts)
    try {
      // One after the other: the later ones judge by what the earlier ones found.
      for (const { blind, at } of OF_CLUSTER) {
        const look = driver
          ? within(LOOK_MS, at(this.cluster, driver, known)).catch((error) => {
              if (!(error instanceof DriverError)) throw error
              logger.warn({ cluster: this.cluster.uid, err: error }, 'a look came to nothing')
              return blind
            })
          : Promise.resolve(blind)
        known.push(...(await this.counted(look)))
      }
    } finally {
      await driver?.close()
    }
    return known
  }

  private async claim(): Promise<boolean> {
    await db
      .insertQuery()
      .table('doctor_examinations')
      .insert({ cluster_id: this.cluster.id })
      .onConflict('cluster_id')
      .ignore()
    const claimed = await this.row()
      .where((free) => free.whereNull('claimed_until').orWhere('claimed_until', '<', Date.now()))
      .update({
        claimed_until: this.claimedUntil,
        asked_at: null,
        started_at: sqlTime(this.now),
        done: 0,
        total: LOOKS,
      })
    return affected(claimed) > 0
  }

  private async release(): Promise<void> {
    await this.row()
      .where('claimed_until', this.claimedUntil)
      .update({ claimed_until: null, ended_at: sqlTime(DateTime.utc()) })
  }

  private async counted<Result>(look: Promise<Result>): Promise<Result> {
    const result = await look
    this.done += 1
    await this.row().where('claimed_until', this.claimedUntil).update({ done: this.done })
    return result
  }

  private row() {
    return db.from('doctor_examinations').where('cluster_id', this.cluster.id)
  }

  /** Since when something is as it is, outlasts every examination that finds the same. */
  private async store(verdicts: Verdict[], trx: TransactionClientContract): Promise<void> {
    const before = await trx
      .from('doctor_checks')
      .where('cluster_id', this.cluster.id)
      .select('name', 'place', 'state', 'since')
    const known = new Map(before.map((row) => [`${row.name} ${row.place}`, row]))
    const now = sqlTime(this.now)
    await trx.from('doctor_checks').where('cluster_id', this.cluster.id).delete()
    await trx.table('doctor_checks').multiInsert(
      verdicts.map(({ name, place, state, saying, measured }) => {
        const last = known.get(`${name} ${place}`)
        return {
          cluster_id: this.cluster.id,
          name,
          place: place.slice(0, 120),
          state,
          saying,
          measured: JSON.stringify(measured),
          since: last?.state === state ? last.since : now,
          measured_at: now,
        }
      })
    )
  }
}
