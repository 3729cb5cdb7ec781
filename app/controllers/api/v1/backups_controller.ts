import type { HttpContext } from '@adonisjs/core/http'
import Backup from '#models/backup'
import BackupPolicy from '#policies/backup_policy'
import { apiBackup } from '#transformers/api/v1/backup'
import { apiPage } from '#transformers/api/v1/page'
import { pageOf } from '#validators/instance_list'

/** Of all instances, also of those that are gone. */
export default class BackupsController {
  async index({ organization, membership, request, bouncer }: HttpContext) {
    await bouncer.with(BackupPolicy).authorize('view', membership)
    const { cursor, size } = pageOf(request.qs())
    const page = await Backup.pageOf(organization, cursor, size)
    const underWay = await Backup.underWay(organization)
    return apiPage(page, (backup) => apiBackup(backup, underWay))
  }

  async show({ organization, membership, params, bouncer }: HttpContext) {
    await bouncer.with(BackupPolicy).authorize('view', membership)
    const backup = await Backup.of(organization, params.id)
    return { data: apiBackup(backup, await Backup.underWay(organization)) }
  }

  async destroy({ organization, membership, params, bouncer, auth, response }: HttpContext) {
    await bouncer.with(BackupPolicy).authorize('destroy', membership)
    const backup = await Backup.of(organization, params.id)
    await backup.remove({ by: auth.getUserOrFail() })
    return response.noContent()
  }
}
