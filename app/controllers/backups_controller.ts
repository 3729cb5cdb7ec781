import type { HttpContext } from '@adonisjs/core/http'
import Backup from '#models/backup'
import BackupPolicy from '#policies/backup_policy'
import { backupsOfOrganization } from '#transformers/backup'

/** Of all instances of an organization, also of those that are gone. */
export default class BackupsController {
  async index({ organization, membership, home, bouncer, view }: HttpContext) {
    await bouncer.with(BackupPolicy).authorize('view', membership)
    const backups = await Backup.ofOrganization(organization)
    const underWay = await Backup.underWay(organization)
    return view.render('pages/backups/index', {
      page: backupsOfOrganization(backups, underWay, { membership, home }),
    })
  }
}
