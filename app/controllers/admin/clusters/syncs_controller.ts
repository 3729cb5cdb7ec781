import type { HttpContext } from '@adonisjs/core/http'
import Cluster from '#models/cluster'
import StaffPolicy from '#policies/staff_policy'
import { clusterPath } from '#transformers/cluster'

export default class SyncsController {
  async store({ bouncer, params, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const cluster = await Cluster.presentAs(params.cluster_id)
    const { outcome } = await cluster.sync()
    await cluster.record('cluster.synced', outcome === 'failed' ? 'failed' : 'succeeded')
    // A failure is told by the page itself, with what to do about it.
    if (outcome !== 'failed') {
      const kind = outcome === 'synced' ? 'success' : 'info'
      session.flash('notice', { kind, message: i18n.t(`clusters.sync.${outcome}`) })
    }
    return response.redirect().toPath(clusterPath(cluster))
  }
}
