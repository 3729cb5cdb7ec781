import type { HttpContext } from '@adonisjs/core/http'
import Instance from '#models/instance'
import InstancePolicy from '#policies/instance_policy'
import { apiTraffic } from '#transformers/api/v1/usage'

/** What was sent and received in the month that goes on. */
export default class TrafficController {
  async show({ organization, membership, params, bouncer }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('view', membership)
    const instance = await Instance.forPage(organization, params.instance_id)
    return { data: apiTraffic(instance) }
  }
}
