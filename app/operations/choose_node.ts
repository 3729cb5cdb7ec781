import { DriverError } from '#drivers/errors'
import type Cluster from '#models/cluster'
import type Instance from '#models/instance'
import { fitsOn, roomIn } from '#models/room'
import { transaction } from '#models/concerns/transaction'

/**
 * Puts the instance on the open node with the most memory left. The cluster's row is locked, so that two creates
 * cannot both see the same last gigabyte.
 * @throws DriverError out_of_capacity
 */
export async function chooseNode(cluster: Cluster, instance: Instance): Promise<void> {
  instance.nodeId = await transaction(async (trx) => {
    await trx.from('clusters').where('id', cluster.id).forUpdate().select('id')
    const rooms = await roomIn([cluster], trx)
    const best = rooms.find((room) => fitsOn(room, instance) > 0)
    if (!best) throw new DriverError('out_of_capacity', 'no node of this cluster has room for it')
    await trx.from('instances').where('id', instance.id).update({ node_id: best.nodeId })
    return best.nodeId
  })
  instance.$hydrateOriginals()
}
