import type { HttpContext } from '@adonisjs/core/http'
import Instance from '#models/instance'
import InstancePolicy from '#policies/instance_policy'

export default class ConsolesController {
  /** Which there are. */
  async show({ organization, membership, params, bouncer }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('view', membership)
    const instance = await Instance.of(organization, params.instance_id)
    await instance.load('cluster')
    const kinds = await instance.cluster.consoleKinds()
    return { data: { kinds, is_running: instance.powerState === 'running' } }
  }
}
