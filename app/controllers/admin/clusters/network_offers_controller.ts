import type { HttpContext } from '@adonisjs/core/http'
import Cluster from '#models/cluster'
import Network from '#models/network'
import StaffPolicy from '#policies/staff_policy'
import { networkOfferValidator } from '#validators/interface'

/** Which networks of a cluster customers may attach their instances to. */
export default class NetworkOffersController {
  async update({ bouncer, params, request, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const cluster = await Cluster.presentAs(params.cluster_id)
    const { network: name, offered } = await request.validateUsing(networkOfferValidator)
    const network = await Network.query().where({ clusterId: cluster.id, name }).firstOrFail()
    await (offered ? network.offer() : network.withdraw())
    return response.redirect().back()
  }
}
