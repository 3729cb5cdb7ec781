import type { HttpContext } from '@adonisjs/core/http'
import { accepted } from '#controllers/api/v1/accepted'
import { PlanNotOffered } from '#exceptions/domain_error'
import Backup from '#models/backup'
import BackupPolicy from '#policies/backup_policy'
import { restoreBackupValidator } from '#validators/backup'

/** A new instance that has what was on the disk of another. */
export default class RestorationsController {
  async store(ctx: HttpContext) {
    const { organization, membership, params, request, bouncer, auth } = ctx
    await bouncer.with(BackupPolicy).authorize('restore', membership)
    const backup = await Backup.of(organization, params.backup_id)
    const wish = await request.validateUsing(restoreBackupValidator)
    const plans = await backup.plans()
    const plan = plans.find(({ uid }) => uid === wish.plan)
    if (!plan) throw new PlanNotOffered()
    const { instance, operation } = await backup.restore({
      name: wish.name,
      plan,
      by: auth.getUserOrFail(),
      requestKey: ctx.requestKey,
    })
    return accepted(ctx, instance, operation)
  }
}
