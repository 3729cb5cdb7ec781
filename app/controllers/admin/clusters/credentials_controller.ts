import type { HttpContext } from '@adonisjs/core/http'
import { appUrl } from '#config/app'
import Cluster from '#models/cluster'
import StaffPolicy from '#policies/staff_policy'
import { makeClientCertificate } from '#services/client_certificate'
import { clientCertificate, clusterPage, clusterPath } from '#transformers/cluster'
import { keyPairSourceValidator, keyPairValidator } from '#validators/cluster'

/** The key pair by which a cluster knows us. The private key goes in and never comes out again. */
export default class CredentialsController {
  async edit({ bouncer, params, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const cluster = await Cluster.presentAs(params.cluster_id)
    return view.render('pages/admin/clusters/credentials', {
      cluster: clusterPage(cluster),
      certificate: clientCertificate(cluster),
    })
  }

  async update({ bouncer, params, request, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const cluster = await Cluster.presentAs(params.cluster_id)
    const { source } = await request.validateUsing(keyPairSourceValidator)
    const pair =
      source === 'upload'
        ? await request.validateUsing(keyPairValidator)
        : await makeClientCertificate(new URL(appUrl).hostname)
    await cluster.keepKeyPair(pair)
    session.flash('notice', { kind: 'success', message: i18n.t('clusters.credentials.kept') })
    return response.redirect().toPath(clusterPath(cluster, 'trust'))
  }
}
