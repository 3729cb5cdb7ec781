import { DateTime } from 'luxon'
import Node from '#models/node'
import type { TestCluster } from '#tests/support/world'

/** One more node of a fake cluster; half as large as the first. */
export async function anotherNode(
  { cluster, fake }: Pick<TestCluster, 'cluster' | 'fake'>,
  changes: Partial<Pick<Node, 'name' | 'memoryMib' | 'diskGib'>> = {}
): Promise<Node> {
  const facts = { name: 'node-2', cpus: 64, memoryMib: 131_072, diskGib: 4_000, ...changes }
  fake.addNode(facts)
  return Node.create({
    clusterId: cluster.id,
    ref: facts.name,
    ...facts,
    online: true,
    memoryUsedMib: 0,
    diskUsedGib: 0,
    closedAt: null,
    missingSince: null,
    syncedAt: DateTime.utc(),
  })
}
