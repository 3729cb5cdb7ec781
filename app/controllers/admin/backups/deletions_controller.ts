import type { HttpContext } from '@adonisjs/core/http'
import Backup from '#models/backup'
import StaffPolicy from '#policies/staff_policy'
import { staffBackupPage } from '#transformers/backup'

/** Somebody's backup, before staff deletes it for good. */
export default class DeletionsController {
  async create({ bouncer, params, auth, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const backup = await Backup.anywhere(params.backup_id)
    return view.render('pages/instances/backups/delete', {
      page: staffBackupPage(backup, auth.getUserOrFail()),
    })
  }
}
