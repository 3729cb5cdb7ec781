import type { HttpContext } from '@adonisjs/core/http'
import CopySchedule from '#models/copy_schedule'
import Instance from '#models/instance'
import BackupPolicy from '#policies/backup_policy'
import { apiCopySchedule } from '#transformers/api/v1/copy_schedule'
import { copyScheduleValidator } from '#validators/copy_schedule'

export default class BackupSchedulesController {
  async index({ organization, membership, params, bouncer }: HttpContext) {
    await bouncer.with(BackupPolicy).authorize('view', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const schedules = await CopySchedule.ofInstance(instance, 'backup')
    return { data: schedules.map(apiCopySchedule) }
  }

  /** One of each rhythm: another of the same takes its place. */
  async store({ organization, membership, params, request, bouncer, auth, response }: HttpContext) {
    await bouncer.with(BackupPolicy).authorize('schedule', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const wish = await request.validateUsing(copyScheduleValidator)
    const schedule = await CopySchedule.set(instance, 'backup', wish, auth.getUserOrFail())
    return response.created({ data: apiCopySchedule(schedule) })
  }

  async destroy({ organization, membership, params, bouncer, response }: HttpContext) {
    await bouncer.with(BackupPolicy).authorize('schedule', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const schedule = await CopySchedule.of(instance, 'backup', params.id)
    await schedule.end(instance)
    return response.noContent()
  }
}
