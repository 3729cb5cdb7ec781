import type { HttpContext } from '@adonisjs/core/http'
import PortPool from '#models/port_pool'
import StaffPolicy from '#policies/staff_policy'
import { portPoolPath } from '#transformers/port_pool'
import { portImportValidator } from '#validators/port_pool'

/** Adds pasted ports to a pool: all of them, or none and each bad entry named. */
export default class ImportsController {
  async create({ bouncer, params, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const pool = await PortPool.presentAs(params.port_pool_id)
    return view.render('pages/admin/port_pools/import', {
      pool: { name: pool.name, address: pool.address, path: portPoolPath(pool) },
    })
  }

  async store({ bouncer, params, request, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const pool = await PortPool.presentAs(params.port_pool_id)
    const { ports } = await request.validateUsing(portImportValidator)
    const report = await pool.addPorts(ports)
    const message = i18n.t('port_pools.imported', report)
    session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath(portPoolPath(pool))
  }
}
