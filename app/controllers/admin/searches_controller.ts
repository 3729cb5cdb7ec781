import type { HttpContext } from '@adonisjs/core/http'
import { listInstances } from '#models/instance_list'
import { paletteRow } from '#transformers/palette_results'
import { paletteRequest } from '#validators/instance_list'

/** The same for staff, over all organizations. */
export default class SearchesController {
  async show({ request, view }: HttpContext) {
    const { rows } = await listInstances(null, paletteRequest(request.qs(), { staff: true }))
    return view.render('partials/palette_results', {
      rows: rows.map((row) => paletteRow(row, `/admin/instances?q=${row.uid}`)),
    })
  }
}
