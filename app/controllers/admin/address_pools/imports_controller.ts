import type { HttpContext } from '@adonisjs/core/http'
import AddressPool from '#models/address_pool'
import StaffPolicy from '#policies/staff_policy'
import { importReport, poolPath } from '#transformers/address_pool'
import { importValidator } from '#validators/address_pool'

/** Adds pasted addresses to a pool: all of them, or none and each bad line named. */
export default class ImportsController {
  async create({ bouncer, params, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const pool = await AddressPool.presentAs(params.address_pool_id)
    const { name, cidr, gateway } = pool
    return view.render('pages/admin/address_pools/import', {
      pool: { name, cidr, gateway, path: poolPath(pool) },
    })
  }

  async store({ bouncer, params, request, response, session }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const pool = await AddressPool.presentAs(params.address_pool_id)
    const { addresses } = await request.validateUsing(importValidator, {
      meta: { cidr: pool.cidr },
    })
    session.flash('import', importReport(await pool.addAddresses(addresses)))
    return response.redirect().toPath(poolPath(pool))
  }
}
