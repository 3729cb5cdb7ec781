import type { HttpContext } from '@adonisjs/core/http'
import PortPool from '#models/port_pool'
import StaffPolicy from '#policies/staff_policy'
import { portPoolPath } from '#transformers/port_pool'

/** Nothing new is leased from a closed pool; what is leased stays so. */
export default class ClosuresController {
  async store({ bouncer, params, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const pool = await PortPool.presentAs(params.port_pool_id)
    await pool.close()
    return response.redirect().toPath(portPoolPath(pool))
  }

  async destroy({ bouncer, params, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const pool = await PortPool.presentAs(params.port_pool_id)
    await pool.open()
    return response.redirect().toPath(portPoolPath(pool))
  }
}
