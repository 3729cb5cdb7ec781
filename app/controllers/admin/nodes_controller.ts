import type { HttpContext } from '@adonisjs/core/http'
import { capacityOfNodes, sumOf } from '#models/capacity'
import Cluster from '#models/cluster'
import StaffPolicy from '#policies/staff_policy'
import { clusterPage } from '#transformers/cluster'
import { nodeRow } from '#transformers/node'

export default class NodesController {
  async index({ bouncer, params, view }: HttpContext) {
    const policy = bouncer.with(StaffPolicy)
    await policy.authorize('read')
    const cluster = await Cluster.presentAs(params.cluster_id)
    const nodes = await cluster.related('nodes').query().orderBy('name')
    const capacities = await capacityOfNodes(cluster.id)
    const present = nodes.filter(({ missingSince }) => missingSince === null)
    return view.render('pages/admin/nodes/index', {
      cluster: clusterPage(cluster, sumOf(present.map(({ id }) => capacities.get(id)!))),
      nodes: nodes.map((node) => nodeRow(node, cluster, capacities.get(node.id))),
      can: { act: await policy.allows('act') },
    })
  }
}
