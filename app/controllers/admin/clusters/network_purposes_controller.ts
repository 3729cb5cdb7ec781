import type { HttpContext } from '@adonisjs/core/http'
import Cluster from '#models/cluster'
import Network from '#models/network'
import StaffPolicy from '#policies/staff_policy'
import { networkPurposeValidator } from '#validators/interface'

/** Whether instances are made on a network of a cluster, or may be attached to it. */
export default class NetworkPurposesController {
  async update({ bouncer, params, request, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const cluster = await Cluster.presentAs(params.cluster_id)
    const { network: name, purpose } = await request.validateUsing(networkPurposeValidator)
    const network = await Network.query().where({ clusterId: cluster.id, name }).firstOrFail()
    await network.serve(purpose)
    const message = i18n.t('clusters.network_purpose_saved', { name })
    session.flash('notice', { kind: 'success', message })
    return response.redirect().back()
  }
}
