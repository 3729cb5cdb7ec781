import type { HttpContext } from '@adonisjs/core/http'
import { reconcileCluster } from '#models/forward_reconciler'
import Cluster from '#models/cluster'
import ClusterForwarder from '#models/cluster_forwarder'
import StaffPolicy from '#policies/staff_policy'
import { clusterPath } from '#transformers/cluster'

/** Looks whether forwards can be carried, and puts them right. What is wrong is told by the page that follows. */
export default class ChecksController {
  async store({ bouncer, params, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const cluster = await Cluster.presentAs(params.cluster_id)
    const forwarder = await ClusterForwarder.of(cluster)
    await forwarder.check()
    const result = await reconcileCluster(cluster)
    const isWell = forwarder.error === null && result?.outcome !== 'failed'
    await cluster.record('forwarder.checked', isWell ? 'succeeded' : 'failed')
    if (result?.outcome === 'compared') {
      const { restored, removed } = result
      const message = i18n.t('forwarders.compared', { restored, removed })
      session.flash('notice', { kind: 'success', message })
    }
    return response.redirect().toPath(clusterPath(cluster, 'forwarder'))
  }
}
