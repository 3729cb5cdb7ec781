import type { HttpContext } from '@adonisjs/core/http'
import DriftFinding from '#models/drift_finding'
import StaffPolicy from '#policies/staff_policy'
import { answer } from './answer.js'

/** A difference is told no more, until it becomes another. */
export default class ForgettingsController {
  async store(ctx: HttpContext) {
    const { auth, bouncer, params, i18n } = ctx
    await bouncer.with(StaffPolicy).authorize('act')
    const finding = await DriftFinding.presentAs(params.finding_id)
    await finding.forget(auth.getUserOrFail())
    return answer(ctx, null, i18n.t('drift.forgotten_done'))
  }

  async destroy(ctx: HttpContext) {
    const { bouncer, params, i18n } = ctx
    await bouncer.with(StaffPolicy).authorize('act')
    const finding = await DriftFinding.presentAs(params.finding_id)
    await finding.recall()
    return answer(ctx, null, i18n.t('drift.recalled_done'))
  }
}
