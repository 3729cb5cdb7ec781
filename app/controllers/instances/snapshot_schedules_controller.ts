import type { HttpContext } from '@adonisjs/core/http'
import { askerOf } from '#controllers/asker'
import CopySchedule from '#models/copy_schedule'
import Instance from '#models/instance'
import SnapshotPolicy from '#policies/snapshot_policy'
import { copyScheduleValidator } from '#validators/copy_schedule'

/** Snapshots that an instance gets by itself; one schedule of each rhythm. */
export default class SnapshotSchedulesController {
  async store(ctx: HttpContext) {
    const { organization, membership, home, params, request, bouncer, response } = ctx
    await bouncer.with(SnapshotPolicy).authorize('schedule', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const wish = await request.validateUsing(copyScheduleValidator)
    await CopySchedule.set(instance, 'snapshot', wish, askerOf(ctx))
    ctx.session.flash('notice', { kind: 'success', message: ctx.i18n.t('copy_schedules.was_set') })
    return response.redirect().toPath(`${home}/instances/${instance.uid}/snapshots`)
  }

  async destroy(ctx: HttpContext) {
    const { organization, membership, home, params, bouncer, response } = ctx
    await bouncer.with(SnapshotPolicy).authorize('schedule', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const schedule = await CopySchedule.of(instance, 'snapshot', params.id)
    await schedule.end(instance)
    ctx.session.flash('notice', {
      kind: 'success',
      message: ctx.i18n.t('copy_schedules.was_ended'),
    })
    return response.redirect().toPath(`${home}/instances/${instance.uid}/snapshots`)
  }
}
