import type { HttpContext } from '@adonisjs/core/http'
import { listBackups } from '#models/backup_list'
import BackupPolicy from '#policies/backup_policy'
import { backupsOfOrganization } from '#transformers/backup'
import { backupListRequest } from '#validators/backup'

/** Of all instances of an organization, also of those that are gone. */
export default class BackupsController {
  async index({ organization, membership, home, request, bouncer, view }: HttpContext) {
    await bouncer.with(BackupPolicy).authorize('view', membership)
    const asked = backupListRequest(request.qs())
    const page = await listBackups(organization, asked)
    return view.render('pages/backups/index', {
      list: backupsOfOrganization(page, asked, { membership, home }),
    })
  }
}
