import type { HttpContext } from '@adonisjs/core/http'
import Backup from '#models/backup'
import Instance from '#models/instance'
import Plan from '#models/plan'
import BackupPolicy from '#policies/backup_policy'
import { restorationPage } from '#transformers/backup'
import { restoreBackupValidator } from '#validators/backup'

/** A new instance that has what was on the disk of another. */
export default class RestorationsController {
  async create({ organization, membership, home, params, bouncer, view }: HttpContext) {
    await bouncer.with(BackupPolicy).authorize('restore', membership)
    const backup = await Backup.of(organization, params.id)
    const name = await Instance.freeName(organization, backup.instance.name)
    return view.render('pages/instances/backups/restore', {
      page: restorationPage(backup, await backup.plans(), name, { membership, home }),
    })
  }

  async store(ctx: HttpContext) {
    const { organization, membership, home, params, request, bouncer, auth, response } = ctx
    await bouncer.with(BackupPolicy).authorize('restore', membership)
    const backup = await Backup.of(organization, params.id)
    const wish = await request.validateUsing(restoreBackupValidator)
    const { operation } = await backup.restore({
      name: wish.name,
      plan: await Plan.findByOrFail('uid', wish.plan),
      by: auth.getUserOrFail(),
      requestKey: wish.request_key,
    })
    return response.redirect().toPath(`${home}/operations/${operation.uid}`)
  }
}
