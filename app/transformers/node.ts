import type Cluster from '#models/cluster'
import { NO_CAPACITY, type Capacity } from '#models/capacity'
import type Node from '#models/node'
import { percentOf } from '#transformers/cluster'

export type NodeState = 'missing' | 'silent' | 'offline' | 'closed' | 'online'

export function nodeRow(node: Node, cluster: Cluster, capacity: Capacity = NO_CAPACITY) {
  return {
    uid: node.uid,
    name: node.name,
    state: nodeState(node, cluster),
    isClosed: !node.isOpen,
    missingSince: node.missingSince,
    isSilent: cluster.status === 'offline',
    capacity,
    percent: percentOf(capacity),
    closurePath: `/admin/nodes/${node.uid}/closure`,
  }
}

/** What is gone or silent says more than what somebody closed. */
function nodeState(node: Node, cluster: Cluster): NodeState {
  if (node.missingSince) return 'missing'
  if (cluster.status === 'offline') return 'silent'
  if (!node.online) return 'offline'
  return node.isOpen ? 'online' : 'closed'
}
