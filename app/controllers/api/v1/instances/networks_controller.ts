import type { HttpContext } from '@adonisjs/core/http'
import Instance from '#models/instance'
import Interface from '#models/interface'
import InterfacePolicy from '#policies/interface_policy'
import { apiNetworkChoice } from '#transformers/api/v1/interface'

/** What an instance can be plugged into. */
export default class NetworksController {
  async index({ organization, membership, params, bouncer }: HttpContext) {
    await bouncer.with(InterfacePolicy).authorize('view', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const choices = await Interface.choices(instance)
    return { data: choices.map(apiNetworkChoice) }
  }
}
