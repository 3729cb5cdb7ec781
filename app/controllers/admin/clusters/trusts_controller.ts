import type { HttpContext } from '@adonisjs/core/http'
import Cluster from '#models/cluster'
import StaffPolicy from '#policies/staff_policy'
import { clientCertificate, clusterPage, clusterPath } from '#transformers/cluster'
import { trustValidator } from '#validators/cluster'

/** How the cluster comes to trust our certificate: a file for its operator, or a secret of theirs. */
export default class TrustsController {
  async show({ bouncer, params, response, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const cluster = await Cluster.presentAs(params.cluster_id)
    const certificate = clientCertificate(cluster)
    if (!certificate) return response.redirect().toPath(clusterPath(cluster, 'credentials'))
    return view.render('pages/admin/clusters/trust', { cluster: clusterPage(cluster), certificate })
  }

  async store({ bouncer, params, request, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const cluster = await Cluster.presentAs(params.cluster_id)
    const { secret } = await request.validateUsing(trustValidator)
    await cluster.trust(secret)
    session.flash('notice', { kind: 'success', message: i18n.t('clusters.trust.trusted') })
    return response.redirect().toPath(clusterPath(cluster, 'trust'))
  }
}
