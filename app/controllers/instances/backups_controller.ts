import type { HttpContext } from '@adonisjs/core/http'
import { NotFound } from '#exceptions/domain_error'
import Backup from '#models/backup'
import CopySchedule from '#models/copy_schedule'
import Instance from '#models/instance'
import BackupPolicy from '#policies/backup_policy'
import { backupsPage } from '#transformers/backup'
import { createBackupValidator } from '#validators/backup'
import { confirmCopyValidator } from '#validators/snapshot'

/** Copies of one instance outside its cluster. */
export default class BackupsController {
  async index({ organization, membership, home, params, bouncer, view }: HttpContext) {
    await bouncer.with(BackupPolicy).authorize('view', membership)
    const instance = await Instance.forPage(organization, params.instance_id)
    if (!instance.facets.has('backups')) throw new NotFound()
    const backups = await Backup.ofInstance(instance)
    const schedules = await CopySchedule.ofInstance(instance, 'backup')
    return view.render('pages/instances/backups/index', {
      page: backupsPage(instance, backups, schedules, { membership, home }),
    })
  }

  async store(ctx: HttpContext) {
    const { organization, membership, home, params, request, bouncer, auth, response } = ctx
    await bouncer.with(BackupPolicy).authorize('create', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const { name, request_key: requestKey } = await request.validateUsing(createBackupValidator)
    const { backup } = await instance.backup({ name, by: auth.getUserOrFail(), requestKey })
    const message = ctx.i18n.t('backups.asked', { name: backup.name })
    ctx.session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath(`${home}/instances/${instance.uid}/backups`)
  }

  async destroy(ctx: HttpContext) {
    const { organization, membership, home, params, request, bouncer, auth, response } = ctx
    await bouncer.with(BackupPolicy).authorize('destroy', membership)
    const backup = await Backup.of(organization, params.id)
    const { name, instance } = backup
    await request.validateUsing(confirmCopyValidator(name))
    await backup.remove({ by: auth.getUserOrFail() })
    const message = ctx.i18n.t('backups.deleted', { name })
    ctx.session.flash('notice', { kind: 'success', message })
    const list = instance.deletedAt
      ? `${home}/backups`
      : `${home}/instances/${instance.uid}/backups`
    return response.redirect().toPath(list)
  }
}
