import type { HttpContext } from '@adonisjs/core/http'
import { listForwards } from '#models/port_forward_list'
import StaffPolicy from '#policies/staff_policy'
import { ListLinks } from '#transformers/list_links'
import { staffForwardRow } from '#transformers/port_forward'
import { searchOf } from '#validators/list'

/** Every forwarded port, of all organizations. */
export default class PortForwardsController {
  async index({ bouncer, request, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('read')
    const { words, cursor } = searchOf(request.qs())
    const page = await listForwards({ words }, cursor)
    return view.render('pages/admin/port_forwards/index', {
      words,
      forwards: page.rows.map(staffForwardRow),
      page: new ListLinks('/admin/port-forwards', { q: words }).around(page),
    })
  }
}
