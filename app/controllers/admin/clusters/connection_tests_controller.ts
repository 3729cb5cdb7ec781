import type { HttpContext } from '@adonisjs/core/http'
import Cluster from '#models/cluster'
import StaffPolicy from '#policies/staff_policy'
import { clusterPath } from '#transformers/cluster'

/** Asks the cluster who it is. What is wrong is told by the page that follows, from the cluster's row. */
export default class ConnectionTestsController {
  async store({ bouncer, params, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const cluster = await Cluster.presentAs(params.cluster_id)
    const wasInSetup = cluster.setupStep !== null
    const diagnosis = await cluster.test()
    const isAnswered = cluster.status === 'online'
    await cluster.record('cluster.tested', isAnswered ? 'succeeded' : 'failed')
    if (diagnosis === 'ok') {
      const message = i18n.t('clusters.test.ok', { product: cluster.facts!.product })
      session.flash('notice', { kind: 'success', message })
    }
    if (!wasInSetup) return response.redirect().toPath(clusterPath(cluster))
    if (!isAnswered) return response.redirect().toPath(clusterPath(cluster, 'trust'))
    // The next step offers what the cluster has.
    await cluster.sync()
    return response.redirect().toPath(clusterPath(cluster, 'placement'))
  }
}
