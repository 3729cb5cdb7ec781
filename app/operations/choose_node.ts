import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { DriverError } from '#drivers/errors'
import type Cluster from '#models/cluster'
import type Instance from '#models/instance'
import { fitsOn, roomIn } from '#models/room'
import { transaction } from '#models/concerns/transaction'

/**
 * Puts the instance on the open node with the most memory left. The cluster's row is locked, so that two creates
 * cannot both see the same last gigabyte.
 * `able`: refs of those that can make it; null: all.
 * @throws DriverError out_of_capacity
 */
export async function chooseNode(
  cluster: Cluster,
  instance: Instance,
  able: string[] | null = null
): Promise<void> {
  instance.nodeId = await transaction(async (trx) => {
    await trx.from('clusters').where('id', cluster.id).forUpdate().select('id')
    const rooms = await roomIn([cluster], trx)
    const ids = able && (await idsOf(cluster, able, trx))
    const best = rooms.find(
      (room) => fitsOn(room, instance) > 0 && (ids === null || ids.has(room.nodeId))
    )
    if (!best) throw new DriverError('out_of_capacity', 'no node of this cluster has room for it')
    await trx.from('instances').where('id', instance.id).update({ node_id: best.nodeId })
    return best.nodeId
  })
  instance.$hydrateOriginals()
}

async function idsOf(
  { id }: Cluster,
  refs: string[],
  trx: TransactionClientContract
): Promise<Set<number>> {
  const nodes = await trx.from('nodes').where('cluster_id', id).whereIn('ref', refs).select('id')
  return new Set(nodes.map((node) => node.id as number))
}
