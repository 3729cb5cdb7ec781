import type { HttpContext } from '@adonisjs/core/http'
import Instance from '#models/instance'
import { joinedHistory } from '#models/joined_history'
import InstancePolicy from '#policies/instance_policy'
import { apiUsage } from '#transformers/api/v1/usage'
import { zoneMinutes } from '#transformers/usage'
import { usageRangeValidator } from '#validators/usage'

export default class UsageController {
  async show({ organization, membership, params, request, bouncer, auth }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('view', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const asked = await request.validateUsing(usageRangeValidator, { data: request.qs() })
    const { timeZone } = auth.getUserOrFail()
    await instance.load('cluster')
    const history = await joinedHistory(instance, asked.range ?? 'day', {
      zoneMinutes: zoneMinutes(timeZone),
    })
    return { data: apiUsage(history, instance) }
  }
}
