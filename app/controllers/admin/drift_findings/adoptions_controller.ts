import type { HttpContext } from '@adonisjs/core/http'
import DriftFinding from '#models/drift_finding'
import StaffPolicy from '#policies/staff_policy'
import { adoptionValidator } from '#validators/drift'
import { answer } from './answer.js'

/** What is becomes what should be. */
export default class AdoptionsController {
  async store(ctx: HttpContext) {
    const { auth, bouncer, params, request, i18n } = ctx
    await bouncer.with(StaffPolicy).authorize('configure')
    const finding = await DriftFinding.presentAs(params.finding_id)
    const { name } = await request.validateUsing(adoptionValidator)
    const operation = await finding.adopt(auth.getUserOrFail(), name ?? null)
    return answer(ctx, operation, i18n.t('drift.accepted_done'))
  }
}
