import type { HttpContext } from '@adonisjs/core/http'
import { capacityOfClusters } from '#models/capacity'
import Cluster from '#models/cluster'
import type Node from '#models/node'
import { usageHistory } from '#models/usage_history'
import { UsageRound } from '#models/usage_round'
import StaffPolicy from '#policies/staff_policy'
import { formatsFor } from '#start/view/formats'
import { clusterPage } from '#transformers/cluster'
import { ceilingOf, usageCharts, usagePage, zoneMinutes } from '#transformers/usage'
import { usageRequest } from '#validators/usage'

/** What all instances of a cluster use together, or those on one of its nodes. */
export default class UsageController {
  async show(ctx: HttpContext) {
    const { bouncer, params, request, view } = ctx
    await bouncer.with(StaffPolicy).authorize('read')
    const cluster = await Cluster.presentAs(params.cluster_id)
    const { asTable } = usageRequest(request.qs())
    const { history, ceiling, nodes, node, reader } = await measured(ctx, cluster)
    const capacities = await capacityOfClusters()
    const page = clusterPage(cluster, capacities.get(cluster.id))
    return view.render('pages/admin/clusters/usage', {
      cluster: page,
      asTable,
      round: await UsageRound.last(cluster),
      nodes: nodes.map(({ uid, name }) => ({ uid, name, isActive: uid === node?.uid })),
      usage: usagePage(
        history,
        ceiling,
        `${page.path}/usage`,
        reader,
        node ? { node: node.uid } : {}
      ),
    })
  }

  async points(ctx: HttpContext) {
    await ctx.bouncer.with(StaffPolicy).authorize('read')
    const cluster = await Cluster.presentAs(ctx.params.cluster_id)
    const { history, ceiling, reader } = await measured(ctx, cluster)
    return { charts: usageCharts(history, ceiling, reader) }
  }
}

async function measured({ request, auth, i18n }: HttpContext, cluster: Cluster) {
  const { timeZone } = auth.getUserOrFail()
  const nodes: Node[] = await cluster
    .related('nodes')
    .query()
    .whereNull('missing_since')
    .orderBy('name')
  const node = nodes.find(({ uid }) => uid === request.input('node')) ?? null
  const owner = node ? { nodeId: node.id } : { clusterId: cluster.id }
  const { range } = usageRequest(request.qs())
  return {
    nodes,
    node,
    history: await usageHistory(owner, range, { zoneMinutes: zoneMinutes(timeZone) }),
    ceiling: ceilingOf(node ? [node] : nodes),
    reader: { i18n, formats: formatsFor(i18n.locale, timeZone) },
  }
}
