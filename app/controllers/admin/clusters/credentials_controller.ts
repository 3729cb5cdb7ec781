import type { HttpContext } from '@adonisjs/core/http'
import { appUrl } from '#config/app'
import Cluster from '#models/cluster'
import StaffPolicy from '#policies/staff_policy'
import { makeClientCertificate } from '#services/client_certificate'
import { clientCertificate, clusterPage, clusterPath } from '#transformers/cluster'
import {
  accessOf,
  accessValidator,
  keyPairSourceValidator,
  keyPairValidator,
} from '#validators/cluster'

/** By what a cluster knows us: a key pair, a token, a password. What is secret goes in and never comes out again. */
export default class CredentialsController {
  async edit({ bouncer, params, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const cluster = await Cluster.presentAs(params.cluster_id)
    if (cluster.driver === 'proxmox') {
      return view.render('pages/admin/clusters/access', { cluster: clusterPage(cluster) })
    }
    return view.render('pages/admin/clusters/credentials', {
      cluster: clusterPage(cluster),
      certificate: clientCertificate(cluster),
    })
  }

  async update({ bouncer, params, request, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const cluster = await Cluster.presentAs(params.cluster_id)
    if (cluster.driver === 'proxmox') {
      await cluster.keepAccess(accessOf(await request.validateUsing(accessValidator)))
      session.flash('notice', { kind: 'success', message: i18n.t('clusters.access.kept') })
      return response.redirect().toPath(clusterPath(cluster, 'credentials'))
    }
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
