import type { HttpContext } from '@adonisjs/core/http'
import DriftFinding from '#models/drift_finding'
import StaffPolicy from '#policies/staff_policy'
import { confirmationValidator } from '#validators/confirmation'

/** An instance that is gone is given up. */
export default class RemovalsController {
  async destroy({ auth, bouncer, params, request, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const finding = await DriftFinding.presentAs(params.finding_id)
    await request.validateUsing(confirmationValidator, { meta: { name: finding.name } })
    const operation = await finding.remove(auth.getUserOrFail())
    return response.redirect().toPath(`/admin/operations/${operation.uid}`)
  }
}
