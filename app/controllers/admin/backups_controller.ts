import type { HttpContext } from '@adonisjs/core/http'
import Backup from '#models/backup'
import { listBackups } from '#models/backup_list'
import StaffPolicy from '#policies/staff_policy'
import { staffBackupsPage } from '#transformers/backup'
import { backupListRequest } from '#validators/backup'
import { confirmCopyValidator } from '#validators/snapshot'

/** Backups of all organizations, also of instances that are gone and have no page any more. */
export default class BackupsController {
  async index({ bouncer, request, auth, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('read')
    const asked = backupListRequest(request.qs())
    const page = await listBackups(null, asked)
    return view.render('pages/admin/backups/index', {
      list: staffBackupsPage(page, asked, auth.getUserOrFail()),
    })
  }

  async destroy({ bouncer, params, request, auth, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const backup = await Backup.anywhere(params.id)
    await request.validateUsing(confirmCopyValidator(backup.name))
    await backup.remove({ by: auth.getUserOrFail() })
    const message = i18n.t('backups.deleted', { name: backup.name })
    session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath('/admin/backups')
  }
}
