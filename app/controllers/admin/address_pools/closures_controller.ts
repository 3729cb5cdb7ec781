import type { HttpContext } from '@adonisjs/core/http'
import AddressPool from '#models/address_pool'
import StaffPolicy from '#policies/staff_policy'
import { poolPath } from '#transformers/address_pool'

/** Nothing new is leased from a closed pool; what is leased stays so. */
export default class ClosuresController {
  async store({ bouncer, params, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const pool = await AddressPool.presentAs(params.address_pool_id)
    await pool.close()
    return response.redirect().toPath(poolPath(pool))
  }

  async destroy({ bouncer, params, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const pool = await AddressPool.presentAs(params.address_pool_id)
    await pool.open()
    return response.redirect().toPath(poolPath(pool))
  }
}
