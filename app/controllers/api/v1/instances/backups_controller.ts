import type { HttpContext } from '@adonisjs/core/http'
import { accepted } from '#controllers/api/v1/accepted'
import Backup from '#models/backup'
import Instance from '#models/instance'
import BackupPolicy from '#policies/backup_policy'
import { apiBackup } from '#transformers/api/v1/backup'
import { apiPageAmong } from '#transformers/api/v1/page'
import { createBackupValidator } from '#validators/backup'
import { pageOf } from '#validators/instance_list'

export default class BackupsController {
  async index({ organization, membership, params, request, bouncer }: HttpContext) {
    await bouncer.with(BackupPolicy).authorize('view', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const backups = await Backup.ofInstance(instance)
    const underWay = await Backup.underWay(organization)
    const rows = backups.map((backup) => apiBackup(backup, underWay))
    return apiPageAmong(rows, pageOf(request.qs()))
  }

  async store(ctx: HttpContext) {
    const { organization, membership, params, request, bouncer, auth } = ctx
    await bouncer.with(BackupPolicy).authorize('create', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const { name } = await request.validateUsing(createBackupValidator)
    const by = auth.getUserOrFail()
    const made = await instance.backup({ name, by, requestKey: ctx.requestKey })
    const backup = await Backup.of(organization, made.backup.uid)
    const underWay = await Backup.underWay(organization)
    return accepted(ctx, instance, made.operation, { backup: apiBackup(backup, underWay) })
  }
}
