import type { HttpContext } from '@adonisjs/core/http'
import CopySchedule from '#models/copy_schedule'
import Instance from '#models/instance'
import BackupPolicy from '#policies/backup_policy'
import { copyScheduleValidator } from '#validators/copy_schedule'

/** Backups that an instance gets by itself; one schedule of each rhythm. */
export default class BackupSchedulesController {
  async store(ctx: HttpContext) {
    const { organization, membership, home, params, request, bouncer, auth, response } = ctx
    await bouncer.with(BackupPolicy).authorize('schedule', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const wish = await request.validateUsing(copyScheduleValidator)
    await CopySchedule.set(instance, 'backup', wish, auth.getUserOrFail())
    ctx.session.flash('notice', { kind: 'success', message: ctx.i18n.t('copy_schedules.was_set') })
    return response.redirect().toPath(`${home}/instances/${instance.uid}/backups`)
  }

  async destroy(ctx: HttpContext) {
    const { organization, membership, home, params, bouncer, response } = ctx
    await bouncer.with(BackupPolicy).authorize('schedule', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const schedule = await CopySchedule.of(instance, 'backup', params.id)
    await schedule.end(instance)
    ctx.session.flash('notice', {
      kind: 'success',
      message: ctx.i18n.t('copy_schedules.was_ended'),
    })
    return response.redirect().toPath(`${home}/instances/${instance.uid}/backups`)
  }
}
