import type { HttpContext } from '@adonisjs/core/http'
import Cluster from '#models/cluster'
import StaffPolicy from '#policies/staff_policy'
import { clusterPath, letInPath } from '#transformers/cluster'

/** Asks the cluster who it is. What is wrong is told by the page that follows, from the cluster's row. */
export default class ConnectionTestsController {
  async store({ bouncer, params, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const cluster = await Cluster.presentAs(params.cluster_id)
    const wasInSetup = cluster.setupStep !== null
    const diagnosis = await cluster.testAsAsked()
    if (diagnosis === 'ok') {
      const message = i18n.t('clusters.test.ok', { product: cluster.facts!.product })
      session.flash('notice', { kind: 'success', message })
    }
    if (!wasInSetup) return response.redirect().toPath(clusterPath(cluster))
    if (cluster.status !== 'online') return response.redirect().toPath(letInPath(cluster))
    // The next step offers what the cluster has.
    await cluster.sync()
    return response.redirect().toPath(clusterPath(cluster, 'placement'))
  }
}
