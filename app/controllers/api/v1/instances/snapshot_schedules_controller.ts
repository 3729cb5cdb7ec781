import type { HttpContext } from '@adonisjs/core/http'
import CopySchedule from '#models/copy_schedule'
import Instance from '#models/instance'
import SnapshotPolicy from '#policies/snapshot_policy'
import { apiCopySchedule } from '#transformers/api/v1/copy_schedule'
import { copyScheduleValidator } from '#validators/copy_schedule'

export default class SnapshotSchedulesController {
  async index({ organization, membership, params, bouncer }: HttpContext) {
    await bouncer.with(SnapshotPolicy).authorize('view', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const schedules = await CopySchedule.ofInstance(instance, 'snapshot')
    return { data: schedules.map(apiCopySchedule) }
  }

  /** One of each rhythm: another of the same takes its place. */
  async store({ organization, membership, params, request, bouncer, auth, response }: HttpContext) {
    await bouncer.with(SnapshotPolicy).authorize('schedule', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const wish = await request.validateUsing(copyScheduleValidator)
    const schedule = await CopySchedule.set(instance, 'snapshot', wish, auth.getUserOrFail())
    return response.created({ data: apiCopySchedule(schedule) })
  }

  async destroy({ organization, membership, params, bouncer, response }: HttpContext) {
    await bouncer.with(SnapshotPolicy).authorize('schedule', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const schedule = await CopySchedule.of(instance, 'snapshot', params.id)
    await schedule.end(instance)
    return response.noContent()
  }
}
