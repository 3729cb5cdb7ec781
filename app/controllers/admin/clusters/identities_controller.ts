import type { HttpContext } from '@adonisjs/core/http'
import Cluster from '#models/cluster'
import StaffPolicy from '#policies/staff_policy'
import { clusterPage, clusterPath, grouped, letInPath } from '#transformers/cluster'
import { pinValidator } from '#validators/cluster'

/** The certificate a server shows at first contact, to be compared by a person and then pinned. */
export default class IdentitiesController {
  async show({ bouncer, params, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const cluster = await Cluster.presentAs(params.cluster_id)
    const { identity, failure } = await cluster.identify()
    return view.render('pages/admin/clusters/identity', {
      cluster: clusterPage(cluster),
      identity: identity && {
        ...identity,
        grouped: grouped(identity.fingerprint),
        isPinned: identity.fingerprint === cluster.tlsFingerprint,
      },
      pinned: cluster.tlsFingerprint && grouped(cluster.tlsFingerprint),
      failure,
    })
  }

  async update({ bouncer, params, request, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const cluster = await Cluster.presentAs(params.cluster_id)
    const { fingerprint } = await request.validateUsing(pinValidator)
    await cluster.pin(fingerprint)
    const next =
      cluster.setupStep === 'credentials' ? clusterPath(cluster, 'credentials') : letInPath(cluster)
    return response.redirect().toPath(next)
  }
}
