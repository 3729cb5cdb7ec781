import type { HttpContext } from '@adonisjs/core/http'
import Instance from '#models/instance'
import PortPool from '#models/port_pool'
import PortForwardPolicy from '#policies/port_forward_policy'
import { apiPageAmong } from '#transformers/api/v1/page'
import { apiPortPool } from '#transformers/api/v1/port_forward'
import { pageOf } from '#validators/instance_list'

/** Public addresses whose ports an instance may have. */
export default class PortPoolsController {
  async index({ organization, membership, params, request, bouncer }: HttpContext) {
    await bouncer.with(PortForwardPolicy).authorize('view', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const pools = await PortPool.openIn(instance.clusterId)
    return apiPageAmong(pools.map(apiPortPool), pageOf(request.qs()))
  }
}
