import type { HttpContext } from '@adonisjs/core/http'
import Plan from '#models/plan'
import StaffPolicy from '#policies/staff_policy'

/** An archived plan is no longer offered; instances keep it. */
export default class ArchivesController {
  async store({ bouncer, params, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const plan = await Plan.findByOrFail('uid', params.plan_id)
    await plan.archive()
    return response.redirect().toPath('/admin/plans')
  }

  async destroy({ bouncer, params, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const plan = await Plan.findByOrFail('uid', params.plan_id)
    await plan.restore()
    return response.redirect().toPath('/admin/plans')
  }
}
