import type { HttpContext } from '@adonisjs/core/http'
import { askerOf } from '#controllers/asker'
import CopySchedule from '#models/copy_schedule'
import Instance from '#models/instance'
import type { CopyKind } from '#models/types'
import type BackupPolicy from '#policies/backup_policy'
import type SnapshotPolicy from '#policies/snapshot_policy'
import { copyScheduleValidator } from '#validators/copy_schedule'

/** Copies of a kind that an instance gets by itself; one schedule of each rhythm. */
export function copySchedules(kind: CopyKind, policy: typeof BackupPolicy | typeof SnapshotPolicy) {
  return class {
    async store(ctx: HttpContext) {
      const { organization, membership, params, request, bouncer } = ctx
      await bouncer.with(policy).authorize('schedule', membership)
      const instance = await Instance.of(organization, params.instance_id)
      const wish = await request.validateUsing(copyScheduleValidator)
      await CopySchedule.set(instance, kind, wish, askerOf(ctx))
      return backTo(ctx, instance, ctx.i18n.t('copy_schedules.was_set'))
    }

    async destroy(ctx: HttpContext) {
      const { organization, membership, params, bouncer } = ctx
      await bouncer.with(policy).authorize('schedule', membership)
      const instance = await Instance.of(organization, params.instance_id)
      const schedule = await CopySchedule.of(instance, kind, params.id)
      await schedule.end(instance)
      return backTo(ctx, instance, ctx.i18n.t('copy_schedules.was_ended'))
    }
  }

  function backTo({ home, response, session }: HttpContext, { uid }: Instance, message: string) {
    session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath(`${home}/instances/${uid}/${kind}s`)
  }
}
