import { setTimeout as sleep } from 'node:timers/promises'
import db from '@adonisjs/lucid/services/db'
import type { DriftKind } from '#models/types'
import type Cluster from '#models/cluster'
import DriftFinding from '#models/drift_finding'
import { DriftRound } from '#models/drift_round'
import { Tenant } from '#models/concerns/tenant'

/** Compares a cluster as the schedule does, a while after the last operation ended. */
export async function compare(cluster: Cluster) {
  await db.from('operations').whereNotNull('ended_at').update({ ended_at: '2026-01-01 00:00:00' })
  return Tenant.system('compare a cluster', () => new DriftRound(cluster).run())
}

/** Compares until a difference of this kind is seen, for no longer than a guest needs to come up. */
export async function compareUntil(cluster: Cluster, kind: DriftKind): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const result = await compare(cluster)
    const seen = await DriftFinding.query().where({ cluster_id: cluster.id, kind }).first()
    if (seen) return
    if (attempt === 20) throw new Error(`no ${kind} was seen: ${JSON.stringify(result)}`)
    await sleep(100)
  }
}

/** What differs now, as `kind name`. */
export async function differing(cluster: Cluster): Promise<string[]> {
  const rows = await DriftFinding.query().where('cluster_id', cluster.id).whereNull('forgotten_at')
  return rows.map(({ kind, name }) => `${kind} ${name}`).toSorted()
}

/** The one difference of a kind, with all that its page tells. */
export async function finding(cluster: Cluster, kind: DriftKind): Promise<DriftFinding> {
  const { uid } = await DriftFinding.query().where({ cluster_id: cluster.id, kind }).firstOrFail()
  return Tenant.system('a finding', () => DriftFinding.presentAs(uid))
}
