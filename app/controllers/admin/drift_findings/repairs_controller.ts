import type { HttpContext } from '@adonisjs/core/http'
import DriftFinding from '#models/drift_finding'
import StaffPolicy from '#policies/staff_policy'
import { answer } from './answer.js'

/** What is is made as it should be. */
export default class RepairsController {
  async store(ctx: HttpContext) {
    const { auth, bouncer, params, i18n } = ctx
    await bouncer.with(StaffPolicy).authorize('act')
    const finding = await DriftFinding.presentAs(params.finding_id)
    const operation = await finding.repair(auth.getUserOrFail())
    return answer(ctx, operation, i18n.t('drift.repaired_done'))
  }
}
