import type { HttpContext } from '@adonisjs/core/http'
import Backup from '#models/backup'
import BackupPolicy from '#policies/backup_policy'
import { backupPage } from '#transformers/backup'

/** A backup, before it goes for good. */
export default class DeletionsController {
  async create({ organization, membership, home, params, bouncer, view }: HttpContext) {
    await bouncer.with(BackupPolicy).authorize('destroy', membership)
    const backup = await Backup.of(organization, params.id)
    return view.render('pages/instances/backups/delete', {
      page: backupPage(backup, { membership, home }),
    })
  }
}
