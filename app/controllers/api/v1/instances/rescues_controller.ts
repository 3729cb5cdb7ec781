import type { HttpContext } from '@adonisjs/core/http'
import { accepted } from '#controllers/api/v1/accepted'
import Instance from '#models/instance'
import { failedStart, startLog } from '#models/rescue'
import InstancePolicy from '#policies/instance_policy'

export default class RescuesController {
  /** Why an instance did not start. */
  async show({ organization, membership, params, bouncer }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('power', membership)
    const instance = await Instance.forPage(organization, params.instance_id)
    const log = await startLog(instance)
    return { data: { failed_operation: failedStart(instance)?.uid ?? null, log } }
  }

  /** Applies again what it was sold, and starts it. */
  async store(ctx: HttpContext) {
    const { organization, membership, params, bouncer, auth } = ctx
    await bouncer.with(InstancePolicy).authorize('power', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const by = auth.getUserOrFail()
    const operation = await instance.rescue({ by, requestKey: ctx.requestKey })
    return accepted(ctx, instance, operation)
  }
}
