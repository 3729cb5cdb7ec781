import type { HttpContext } from '@adonisjs/core/http'
import Instance from '#models/instance'
import InstancePolicy from '#policies/instance_policy'
import { apiSuspension } from '#transformers/api/v1/suspension'

/** Why an instance may not run; nothing here: it may. */
export default class SuspensionsController {
  async index({ organization, membership, params, bouncer }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('view', membership)
    const instance = await Instance.of(organization, params.instance_id)
    await instance.load('suspensions', (open) => open.whereNotNull('open_on').orderBy('id'))
    return { data: instance.suspensions.map(apiSuspension) }
  }
}
