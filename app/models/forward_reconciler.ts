import { DateTime } from 'luxon'
import logger from '@adonisjs/core/services/logger'
import type { Forward, PlacedForward, PortForwarder } from '#forwarders/contract'
import Cluster from '#models/cluster'
import ClusterForwarder from '#models/cluster_forwarder'
import PortForward from '#models/port_forward'
import PortPool from '#models/port_pool'
import { sqlTime } from '#models/concerns/sql'

/** Clusters looked at together: one that is silent holds up few others. */
const AT_ONCE = 4

export type Reconciled =
  | { cluster: string; outcome: 'compared'; restored: number; removed: number }
  | { cluster: string; outcome: 'failed' }

/**
 * Holds what is carried against what the database says, and puts it right by itself: after a reboot of a node
 * nothing is there, after an operator's slip too much or too little. Instances on which an operation is open
 * are left to it.
 */
export async function reconcileForwards(): Promise<Reconciled[]> {
  const present = await Cluster.present().orderBy('id')
  const clusters = present.filter(({ isReady }) => isReady)
  const results: Reconciled[] = []
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (let cluster = clusters.shift(); cluster; cluster = clusters.shift()) {
      const result = await reconcileCluster(cluster)
      if (result) results.push(result)
    }
  })
  await Promise.all(workers)
  return results
}

/** null: the cluster forwards nothing and never did. */
export async function reconcileCluster(cluster: Cluster): Promise<Reconciled | null> {
  const by = await ClusterForwarder.of(cluster)
  const pool = await PortPool.findBy('clusterId', cluster.id)
  if (!pool && !by.$isPersisted) return null
  try {
    const { restored, removed } = await by.use((forwarder) => reconcile(cluster, forwarder))
    await by.noteReconciled()
    if (restored + removed > 0) {
      logger.warn({ cluster: cluster.uid, restored, removed }, 'port forwards were put right')
    }
    return { cluster: cluster.uid, outcome: 'compared', restored, removed }
  } catch (error) {
    logger.warn({ cluster: cluster.uid, err: error }, 'port forwards cannot be compared')
    by.noteError(error)
    await by.save()
    return { cluster: cluster.uid, outcome: 'failed' }
  }
}

/** By how many forwards what is carried differs from what the database says; reads only. */
export async function compareForwards(
  cluster: Cluster,
  forwarder: PortForwarder
): Promise<{ missing: number; stray: number }> {
  const known = await settledForwards(cluster)
  const { missing, stray } = await forwarder.compare(PortForward.toCarry(known))
  const [lost, left] = await Promise.all([stillWanted(cluster, missing), unknown(stray)])
  return { missing: lost.length, stray: left.length }
}

async function reconcile(cluster: Cluster, forwarder: PortForwarder) {
  const known = await settledForwards(cluster)
  const { missing, stray } = await forwarder.compare(PortForward.toCarry(known))
  await markMissing(
    known,
    missing.map(({ ref }) => ref)
  )
  const lost = await stillWanted(cluster, missing)
  if (lost.length > 0) await forwarder.ensure(lost)
  // Whoever took one of them away meanwhile was faster than we: it must not stay.
  const kept = await stillWanted(cluster, lost)
  const undone = lost.filter((forward) => !kept.includes(forward)).map(placed)
  const left = await unknown([...stray, ...undone])
  if (left.length > 0) await forwarder.remove(left)
  await markPresent(lost.map(({ ref }) => ref))
  return { restored: lost.length, removed: left.length }
}

/** Those that should be carried and that no operation is about. */
function settledForwards(cluster: Cluster): Promise<PortForward[]> {
  return PortForward.query()
    .where('port_forwards.cluster_id', cluster.id)
    .whereNotNull('applied_at')
    .whereNotExists((open) =>
      open
        .from('operations')
        .whereColumn('operations.instance_id', 'port_forwards.instance_id')
        .whereNotNull('operations.open_on')
    )
    .preload('instance', (instance) => instance.preload('addresses'))
    .orderBy('id')
    .exec()
}

async function stillWanted(cluster: Cluster, forwards: Forward[]): Promise<Forward[]> {
  if (forwards.length === 0) return []
  const settled = await settledForwards(cluster)
  const uids = new Set(settled.map(({ uid }) => uid))
  return forwards.filter(({ ref }) => uids.has(ref))
}

/** Of these, those without a row: a row comes before what is carried, and goes after it. */
async function unknown(forwards: PlacedForward[]): Promise<PlacedForward[]> {
  if (forwards.length === 0) return []
  const rows = await PortForward.query()
    .whereIn(
      'uid',
      forwards.map(({ ref }) => ref)
    )
    .select('uid')
  const uids = new Set(rows.map(({ uid }) => uid))
  return forwards.filter(({ ref }) => !uids.has(ref))
}

async function markMissing(known: PortForward[], uids: string[]): Promise<void> {
  const missing = new Set(uids)
  const fresh = known.filter(({ uid, missingSince }) => missing.has(uid) && missingSince === null)
  if (fresh.length === 0) return
  await PortForward.query()
    .whereIn(
      'id',
      fresh.map(({ id }) => id)
    )
    .update({ missingSince: sqlTime(DateTime.utc()) })
}

async function markPresent(uids: string[]): Promise<void> {
  if (uids.length === 0) return
  await PortForward.query().whereIn('uid', uids).update({ missingSince: null })
}

const placed = ({ ref, target }: Forward): PlacedForward => ({ ref, instance: target.instance })
