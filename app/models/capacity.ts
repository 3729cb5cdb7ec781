import db from '@adonisjs/lucid/services/db'

/** How much there is, how much of it is in use, and how much of it was sold. */
export type Capacity = {
  nodes: number
  nodesOnline: number
  cpus: number
  memoryMib: number
  memoryUsedMib: number
  diskGib: number
  diskUsedGib: number
  instances: number
  soldCpus: number
  soldMemoryMib: number
  soldDiskGib: number
}

export const NO_CAPACITY: Capacity = {
  nodes: 0,
  nodesOnline: 0,
  cpus: 0,
  memoryMib: 0,
  memoryUsedMib: 0,
  diskGib: 0,
  diskUsedGib: 0,
  instances: 0,
  soldCpus: 0,
  soldMemoryMib: 0,
  soldDiskGib: 0,
}

/** Of every cluster, by its id, in two statements. */
export async function capacityOfClusters(): Promise<Map<number, Capacity>> {
  const [nodes, sold] = await Promise.all([
    db
      .from('nodes')
      .whereNull('missing_since')
      .groupBy('cluster_id')
      .select('cluster_id as id')
      .count('* as nodes')
      .sum('online as nodesOnline')
      .sum('cpus as cpus')
      .sum('memory_mib as memoryMib')
      .sum('memory_used_mib as memoryUsedMib')
      .sum('disk_gib as diskGib')
      .sum('disk_used_gib as diskUsedGib'),
    soldBy('cluster_id'),
  ])
  return byId(nodes, sold)
}

/** Of every node of a cluster, by its id. */
export async function capacityOfNodes(clusterId: number): Promise<Map<number, Capacity>> {
  const [nodes, sold] = await Promise.all([
    db
      .from('nodes')
      .where('cluster_id', clusterId)
      .select(
        db.raw('1 as nodes'),
        'id',
        'online as nodesOnline',
        'cpus',
        'memory_mib as memoryMib'
      )
      .select('memory_used_mib as memoryUsedMib', 'disk_gib as diskGib')
      .select('disk_used_gib as diskUsedGib'),
    soldBy('node_id').where('cluster_id', clusterId),
  ])
  return byId(nodes, sold)
}

export function sumOf(capacities: Iterable<Capacity>): Capacity {
  const sum = { ...NO_CAPACITY }
  for (const capacity of capacities) {
    for (const name of FIGURES) sum[name] += capacity[name]
  }
  return sum
}

const FIGURES = Object.keys(NO_CAPACITY) as (keyof Capacity)[]

/** What living instances were made with; one whose create was taken back holds nothing. */
function soldBy(key: 'cluster_id' | 'node_id') {
  return db
    .from('instances')
    .whereNull('deleted_at')
    .whereNull('failed_at')
    .groupBy(key)
    .select(`${key} as id`)
    .count('* as instances')
    .sum('cpus as soldCpus')
    .sum('memory_mib as soldMemoryMib')
    .sum('disk_gib as soldDiskGib')
}

/** MySQL hands sums over as text. */
function byId(...parts: Record<string, unknown>[][]): Map<number, Capacity> {
  const found = new Map<number, Capacity>()
  for (const { id, ...figures } of parts.flat()) {
    const capacity = found.get(id as number) ?? { ...NO_CAPACITY }
    for (const [name, figure] of Object.entries(figures)) {
      capacity[name as keyof Capacity] = Number(figure ?? 0)
    }
    found.set(id as number, capacity)
  }
  return found
}
