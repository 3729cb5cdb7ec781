import type { HttpContext } from '@adonisjs/core/http'
import CopySchedule from '#models/copy_schedule'
import Instance from '#models/instance'
import type { CopyKind } from '#models/types'
import type BackupPolicy from '#policies/backup_policy'
import type SnapshotPolicy from '#policies/snapshot_policy'
import { apiCopySchedule } from '#transformers/api/v1/copy_schedule'
import { apiPageAmong } from '#transformers/api/v1/page'
import { copyScheduleValidator } from '#validators/copy_schedule'
import { pageOf } from '#validators/instance_list'

/** What is the same for both kinds of copies that an instance gets by itself. */
export function copySchedules(kind: CopyKind, policy: typeof BackupPolicy | typeof SnapshotPolicy) {
  return class {
    async index({ organization, membership, params, request, bouncer }: HttpContext) {
      await bouncer.with(policy).authorize('view', membership)
      const instance = await Instance.of(organization, params.instance_id)
      const schedules = await CopySchedule.ofInstance(instance, kind)
      return apiPageAmong(schedules.map(apiCopySchedule), pageOf(request.qs()))
    }

    /** One of each rhythm: another of the same takes its place. */
    async store(ctx: HttpContext) {
      const { organization, membership, params, request, bouncer, auth, response } = ctx
      await bouncer.with(policy).authorize('schedule', membership)
      const instance = await Instance.of(organization, params.instance_id)
      const wish = await request.validateUsing(copyScheduleValidator)
      const schedule = await CopySchedule.set(instance, kind, wish, auth.getUserOrFail())
      return response.created({ data: apiCopySchedule(schedule) })
    }

    async destroy({ organization, membership, params, bouncer, response }: HttpContext) {
      await bouncer.with(policy).authorize('schedule', membership)
      const instance = await Instance.of(organization, params.instance_id)
      const schedule = await CopySchedule.of(instance, kind, params.id)
      await schedule.end(instance)
      return response.noContent()
    }
  }
}
