import { NodeNotOffered, NoRoomOnNode, NotPossibleNow } from '#exceptions/domain_error'
import Cluster from '#models/cluster'
import { requireFacet } from '#models/facets'
import type Instance from '#models/instance'
import type { DeedOrder } from '#models/instance'
import Node from '#models/node'
import type Operation from '#models/operation'
import { fitsOn, roomIn, type NodeRoom } from '#models/room'

export type MoveOrder = DeedOrder & { node: Node }

export type NodeChoice = {
  node: Node
  /** What is unsold of it; null: it takes nothing now. */
  room: NodeRoom | null
  /** Why not; null: it may be chosen. */
  refusal: 'current' | 'offline' | 'closed' | 'room' | null
}

/** The nodes of its cluster, each with what would be answered now. */
export async function choicesOfNode(instance: Instance): Promise<NodeChoice[]> {
  const cluster = await Cluster.findOrFail(instance.clusterId)
  const nodes = await nodesOf(instance).orderBy('name').orderBy('id')
  const rooms = await roomIn([cluster])
  return nodes.map((node) => {
    const room = rooms.find(({ nodeId }) => nodeId === node.id) ?? null
    return { node, room, refusal: refusalOf(instance, node, room) }
  })
}

/** Whether there is another one at all. */
export async function hasOtherNode(instance: Instance): Promise<boolean> {
  const nodes = await nodesOf(instance)
  return nodes.some(({ id }) => id !== instance.nodeId)
}

/**
 * Takes an instance to another node of its cluster. Room for it is held there at once, and on the old one until it is
 * gone from there, so that it can come back.
 * @throws ClusterCannot, NodeNotOffered, NoRoomOnNode, InstanceBusy, NotPossibleNow
 */
export async function move(
  instance: Instance,
  { node, by, requestKey }: MoveOrder
): Promise<Operation> {
  if (!instance.isProvisioned) throw new NotPossibleNow()
  await requireFacet(instance, 'moves')
  return instance.begin({ type: 'instance.move', requestedBy: by, requestKey }, async (trx) => {
    const cluster = await Cluster.query({ client: trx })
      .where('id', instance.clusterId)
      .forUpdate()
      .firstOrFail()
    await instance.useTransaction(trx).refresh()
    const { nodeId: from } = instance
    if (from === null || instance.missingSince !== null) throw new NotPossibleNow()
    const rooms = await roomIn([cluster], trx)
    const room = rooms.find(({ nodeId }) => nodeId === node.id)
    if (!room || node.id === from) throw new NodeNotOffered()
    if (fitsOn(room, instance) < 1) throw new NoRoomOnNode({ node: node.name })
    await instance.merge({ movingToId: node.id }).save()
    return { from, to: node.id, wasRunning: instance.powerState === 'running' }
  })
}

function nodesOf({ clusterId }: Instance) {
  return Node.query().where('cluster_id', clusterId).whereNull('missing_since')
}

function refusalOf(instance: Instance, node: Node, room: NodeRoom | null): NodeChoice['refusal'] {
  if (node.id === instance.nodeId) return 'current'
  if (!node.online) return 'offline'
  if (!node.isOpen) return 'closed'
  return room && fitsOn(room, instance) > 0 ? null : 'room'
}
