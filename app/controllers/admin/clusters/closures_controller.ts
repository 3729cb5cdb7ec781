import type { HttpContext } from '@adonisjs/core/http'
import Cluster from '#models/cluster'
import StaffPolicy from '#policies/staff_policy'
import { clusterPath } from '#transformers/cluster'

/** A closed cluster takes no new instances; those it has go on. */
export default class ClosuresController {
  async store({ bouncer, params, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const cluster = await Cluster.presentAs(params.cluster_id)
    await cluster.close()
    return response.redirect().toPath(clusterPath(cluster))
  }

  async destroy({ bouncer, params, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const cluster = await Cluster.presentAs(params.cluster_id)
    await cluster.open()
    return response.redirect().toPath(clusterPath(cluster))
  }
}
