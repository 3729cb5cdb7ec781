import { DriverError } from '#drivers/errors'
import type Cluster from '#models/cluster'
import type Instance from '#models/instance'
import Node from '#models/node'
import { transaction } from '#models/concerns/transaction'

/**
 * Puts the instance on the open node with the most memory left, counting what living instances were sold,
 * not what they use at this moment. The cluster's row is locked, so that two creates cannot both see the
 * same last gigabyte.
 * @throws DriverError out_of_capacity
 */
export async function chooseNode(cluster: Cluster, instance: Instance): Promise<void> {
  await transaction(async (trx) => {
    await trx.from('clusters').where('id', cluster.id).forUpdate().select('id')
    const nodes = await Node.query({ client: trx })
      .where('cluster_id', cluster.id)
      .where('online', true)
      .whereNull('closed_at')
      .whereNull('missing_since')
    const sold = await trx
      .from('instances')
      .where('cluster_id', cluster.id)
      .whereNull('deleted_at')
      .whereNotNull('node_id')
      .groupBy('node_id')
      .select('node_id')
      .sum('memory_mib as memory_mib')
      .sum('disk_gib as disk_gib')
    const soldOn = new Map(sold.map((row) => [row.node_id, row]))
    const overcommit = Number(cluster.settings.memoryOvercommit ?? 1)
    const best = nodes
      .map((node) => ({
        node,
        memoryLeft: node.memoryMib * overcommit - Number(soldOn.get(node.id)?.memory_mib ?? 0),
        diskLeft: node.diskGib - Number(soldOn.get(node.id)?.disk_gib ?? 0),
      }))
      .filter(
        ({ memoryLeft, diskLeft }) =>
          memoryLeft >= instance.memoryMib && diskLeft >= instance.diskGib
      )
      .sort((a, b) => b.memoryLeft - a.memoryLeft)[0]
    if (!best) throw new DriverError('out_of_capacity', 'no node of this cluster has room for it')
    await trx.from('instances').where('id', instance.id).update({ node_id: best.node.id })
  })
  await instance.refresh()
}
