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
 * what they use at this moment: a machine that sleeps may wake. A create that was taken back has left its node;
 * one that is being moved counts on both.
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
  const ids = nodes.map(({ id }) => id as number)
  const soldOn = await soldBy('node_id', ids, client)
  const comingTo = await soldBy('moving_to_id', ids, client)
  const counted = (id: number, column: 'memory_mib' | 'disk_gib') =>
    Number(soldOn.get(id)?.[column] ?? 0) + Number(comingTo.get(id)?.[column] ?? 0)
  return nodes
    .map((node) => ({
      nodeId: node.id as number,
      clusterId: node.cluster_id as number,
      memoryMib:
        Math.floor(node.memory_mib * overcommits.get(node.cluster_id)!) -
        counted(node.id, 'memory_mib'),
      diskGib: node.disk_gib - counted(node.id, 'disk_gib'),
    }))
    .sort((a, b) => b.memoryMib - a.memoryMib)
}

/** What the living instances of these nodes were sold, or those that are being moved there. */
async function soldBy(column: 'node_id' | 'moving_to_id', nodeIds: number[], client: Client) {
  const rows = await client
    .from('instances')
    .whereIn(column, nodeIds)
    .whereNotNull('phase')
    .groupBy(column)
    .select(`${column} as id`)
    .sum('memory_mib as memory_mib')
    .sum('disk_gib as disk_gib')
  return new Map(rows.map((row) => [row.id as number, row]))
}

/** How many more of this size a node takes. */
export function fitsOn(room: NodeRoom, { memoryMib, diskGib }: Demand): number {
  return Math.max(
    0,
    Math.min(Math.floor(room.memoryMib / memoryMib), Math.floor(room.diskGib / diskGib))
  )
}
