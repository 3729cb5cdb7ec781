import type { HttpContext } from '@adonisjs/core/http'
import { ClassicLicensing } from '#models/classic_licensing'
import StaffPolicy from '#policies/staff_policy'
import { classicStatusValidator } from '#validators/classic_licensing'

/** Whether somebody may sign in. */
export default class UserStatusesController {
  async update({ bouncer, auth, request, response, i18n }: HttpContext) {
    const { id, isActive } = await request.validateUsing(classicStatusValidator)
    const user = await ClassicLicensing.findUser(id)
    if (!user) return response.send({ status: 'fail', data: i18n.t('licenses.classic_no_user') })
    if (user.id === auth.getUserOrFail().id) {
      return response.send({ status: 'fail', data: i18n.t('licenses.classic_own_status') })
    }
    await bouncer.with(StaffPolicy).authorize('disable', user)
    await (isActive ? user.enable() : user.disable())
    return response.send({ status: 'success', data: { id, is_active: isActive } })
  }
}
