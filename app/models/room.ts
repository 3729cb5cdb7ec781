import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { ClusterSettings } from '#models/types'

type Client = TransactionClientContract | typeof db

/** What is unsold of one node. */
export type NodeRoom = {
  nodeId: number
  clusterId: number
  memoryMib: number
  diskGib: number
}

type Demand = { memoryMib: number; diskGib: number }

/**
 * The room on the nodes that take new instances, emptiest first. It counts what living instances were sold, not
 * what they use at this moment: a machine that sleeps may wake. A create that was taken back has left its node.
 */
export async function roomIn(
  clusters: readonly { id: number; settings: ClusterSettings }[],
  client: Client = db
): Promise<NodeRoom[]> {
  const overcommits = new Map(
    clusters.map(({ id, settings }) => [id, Number(settings.memoryOvercommit ?? 1)])
  )
  const nodes = await client
    .from('nodes')
    .whereIn('cluster_id', [...overcommits.keys()])
    .where('online', true)
    .whereNull('closed_at')
    .whereNull('missing_since')
    .select('id', 'cluster_id', 'memory_mib', 'disk_gib')
  const sold = await client
    .from('instances')
    .whereIn(
      'node_id',
      nodes.map(({ id }) => id as number)
    )
    .whereNotNull('phase')
    .groupBy('node_id')
    .select('node_id')
    .sum('memory_mib as memory_mib')
    .sum('disk_gib as disk_gib')
  const soldOn = new Map(sold.map((row) => [row.node_id, row]))
  return nodes
    .map((node) => ({
      nodeId: node.id as number,
      clusterId: node.cluster_id as number,
      memoryMib:
        Math.floor(node.memory_mib * overcommits.get(node.cluster_id)!) -
        Number(soldOn.get(node.id)?.memory_mib ?? 0),
      diskGib: node.disk_gib - Number(soldOn.get(node.id)?.disk_gib ?? 0),
    }))
    .sort((a, b) => b.memoryMib - a.memoryMib)
}

/** How many more of this size a node takes. */
export function fitsOn(room: NodeRoom, { memoryMib, diskGib }: Demand): number {
  return Math.max(
    0,
    Math.min(Math.floor(room.memoryMib / memoryMib), Math.floor(room.diskGib / diskGib))
  )
}
