import type { HttpContext } from '@adonisjs/core/http'
import License from '#models/license'
import StaffPolicy from '#policies/staff_policy'

/** Lets limits be changed once more, although a host is bound. */
export default class ReopeningsController {
  async store({ bouncer, params, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const license = await License.findByOrFail('uid', params.license_id)
    await license.reopen()
    return response.redirect().toPath(`/admin/licenses/${license.uid}`)
  }
}
