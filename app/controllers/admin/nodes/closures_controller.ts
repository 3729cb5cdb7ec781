import type { HttpContext } from '@adonisjs/core/http'
import Node from '#models/node'
import StaffPolicy from '#policies/staff_policy'
import { clusterPath } from '#transformers/cluster'

/** Nothing new is placed on a closed node; what runs there goes on. */
export default class ClosuresController {
  async store({ bouncer, params, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const node = await Node.presentAs(params.node_id)
    await node.close()
    return response.redirect().toPath(clusterPath(node.cluster, 'nodes'))
  }

  async destroy({ bouncer, params, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const node = await Node.presentAs(params.node_id)
    await node.open()
    return response.redirect().toPath(clusterPath(node.cluster, 'nodes'))
  }
}
