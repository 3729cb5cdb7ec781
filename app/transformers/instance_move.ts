import type Instance from '#models/instance'
import type { NodeChoice } from '#models/move'
import { instanceFrame, type Onlooker } from '#transformers/instance_frame'
import { refusal, type Refusal } from '#transformers/instance_refusals'

/** The page on which an instance is given another node. Needs `Instance.forPage`. */
export function movePage(instance: Instance, choices: NodeChoice[], onlooker: Onlooker) {
  const frame = instanceFrame(instance, onlooker, null)
  const { memoryMib, diskGib } = instance
  const hasOther = choices.some(({ refusal: why }) => why !== 'current')
  return {
    frame,
    action: `${frame.path}/move`,
    refusal: moveRefusal(instance, onlooker, hasOther),
    runs: instance.phase === 'running',
    size: { memoryMib, diskGib },
    nodes: choices.map(({ node, room, refusal: why }) => ({
      uid: node.uid,
      name: node.name,
      refusal: why,
      total: { memoryMib: node.memoryMib, diskGib: node.diskGib },
      free: room && {
        memoryMib: Math.max(0, room.memoryMib),
        diskGib: Math.max(0, room.diskGib),
      },
    })),
  }
}

/** `hasOther`: whether its cluster has another node. */
export function moveRefusal(
  instance: Instance,
  { membership }: Onlooker,
  hasOther: boolean
): Refusal {
  const refused = refusal(instance, membership, {
    role: 'admin',
    at: 'made',
    facet: 'moves',
    evenSuspended: true,
  })
  return refused ?? (hasOther ? null : 'one_node')
}
