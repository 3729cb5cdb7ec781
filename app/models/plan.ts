import { DateTime } from 'luxon'
import { beforeCreate, manyToMany } from '@adonisjs/lucid/orm'
import db from '@adonisjs/lucid/services/db'
import type { ManyToMany } from '@adonisjs/lucid/types/relations'
import { PlanSchema } from '#database/schema'
import { PlanInUse } from '#exceptions/domain_error'
import AuditEvent, { type AuditSubject } from '#models/audit_event'
import Cluster from '#models/cluster'
import { keysetPage, type Cursor, type KeysetOrder, type KeysetPage } from '#models/concerns/keyset'
import { recordedChange, recordedRemoval } from '#models/concerns/recorded_change'
import { newUid } from '#models/concerns/uid'
import type { AuditAction } from '#models/types'

export type PlanFacts = Pick<
  PlanSchema,
  | 'name'
  | 'description'
  | 'kind'
  | 'cpus'
  | 'memoryMib'
  | 'diskGib'
  | 'ingressMbps'
  | 'egressMbps'
  | 'trafficGib'
  | 'trafficAction'
  | 'throttleMbps'
  | 'snapshotLimit'
  | 'portForwardLimit'
  | 'position'
>

const PAGE_SIZE = 50
const OFFERED_FIRST: KeysetOrder<Plan> = {
  columns: ['(archived_at is not null)', 'position', 'name', 'id'],
  descending: false,
  keyOf: ({ archivedAt, position, name, id }) => [archivedAt ? 1 : 0, position, name, id],
}

/** A sold size. */
export default class Plan extends PlanSchema {
  @manyToMany(() => Cluster, { pivotTable: 'cluster_plans' })
  declare clusters: ManyToMany<typeof Cluster>

  @beforeCreate()
  static assignUid(row: Plan) {
    row.uid ??= newUid('p')
    row.trafficAction ??= 'none'
    row.throttleMbps ??= 1
  }

  /** As customers see them, archived ones last; with their clusters. */
  static list(cursor: Cursor): Promise<KeysetPage<Plan>> {
    const query = Plan.query().preload('clusters', (clusters) =>
      clusters.whereNull('removed_at').orderBy('name')
    )
    return keysetPage(query, OFFERED_FIRST, cursor, PAGE_SIZE, (narrowed) => narrowed)
  }

  /** How many living instances each has. */
  static async countInstances(): Promise<Map<number, number>> {
    const rows = await db
      .from('instances')
      .whereNull('deleted_at')
      .whereNotNull('plan_id')
      .groupBy('plan_id')
      .select('plan_id')
      .count('* as total')
    return new Map(rows.map((row) => [row.plan_id, Number(row.total)]))
  }

  /** A new plan, offered on these clusters. @throws NameInUse */
  static async add(facts: PlanFacts, clusters: Cluster[]): Promise<Plan> {
    const plan = new Plan()
    await plan.store('plan.added', facts, clusters)
    return plan
  }

  /** Instances keep the size they were made with. @throws NameInUse */
  change(facts: PlanFacts, clusters: Cluster[]): Promise<void> {
    return this.store('plan.changed', facts, clusters)
  }

  /** No longer offered; instances keep it. */
  async archive(): Promise<void> {
    if (this.archivedAt) return
    await recordedChange<Plan>(this, 'plan.archived', { archivedAt: DateTime.utc() })
  }

  restore(): Promise<void> {
    return recordedChange<Plan>(this, 'plan.restored', { archivedAt: null })
  }

  /** @throws PlanInUse when an instance was ever made from it: then it is archived, not forgotten */
  async remove(): Promise<void> {
    await db.transaction(async (trx) => {
      await trx.from('plans').where('id', this.id).forUpdate().select('id').firstOrFail()
      const { total } = await trx
        .from('instances')
        .where('plan_id', this.id)
        .count('* as total')
        .firstOrFail()
      if (Number(total) > 0) throw new PlanInUse({ instances: Number(total) })
      await recordedRemoval(this, 'plan.deleted', this.facts, trx)
    })
  }

  get auditSubject(): AuditSubject {
    return { kind: 'plan', uid: this.uid, label: this.name }
  }

  private get facts(): PlanFacts {
    const { name, description, kind, cpus, memoryMib, diskGib, position } = this
    const { ingressMbps, egressMbps, snapshotLimit, portForwardLimit } = this
    const { trafficGib, trafficAction, throttleMbps } = this
    return {
      name,
      description,
      kind,
      cpus,
      memoryMib,
      diskGib,
      ingressMbps,
      egressMbps,
      trafficGib,
      trafficAction,
      throttleMbps,
      snapshotLimit,
      portForwardLimit,
      position,
    }
  }

  private async store(action: AuditAction, facts: PlanFacts, clusters: Cluster[]): Promise<void> {
    await db.transaction(async (trx) => {
      await recordedChange<Plan>(this, action, facts, trx)
      const offered = () =>
        trx.from('cluster_plans').where('plan_id', this.id).orderBy('cluster_id')
      const known = await offered().select('cluster_id')
      const before = known.map((row) => row.cluster_id as number)
      const after = clusters.map(({ id }) => id).toSorted((a, b) => a - b)
      if (before.join() === after.join()) return
      await trx.from('cluster_plans').where('plan_id', this.id).delete()
      if (after.length > 0) {
        const rows = after.map((clusterId) => ({ cluster_id: clusterId, plan_id: this.id }))
        await trx.table('cluster_plans').multiInsert(rows)
      }
      await AuditEvent.record(
        {
          action: 'plan.clusters_changed',
          organizationId: null,
          subject: this.auditSubject,
          after: { clusters: clusters.map(({ name }) => name) },
        },
        trx
      )
    })
  }
}
