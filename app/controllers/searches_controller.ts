import type { HttpContext } from '@adonisjs/core/http'
import { listInstances } from '#models/instance_list'
import InstancePolicy from '#policies/instance_policy'
import { paletteRow } from '#transformers/palette_results'
import { paletteRequest } from '#validators/instance_list'

/** What the palette asks while a person types: this organization's instances by name, address or id. */
export default class SearchesController {
  async show({ organization, membership, request, bouncer, view }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('view', membership)
    const { rows } = await listInstances(organization, paletteRequest(request.qs()))
    const home = `/o/${organization.slug}`
    return view.render('partials/palette_results', {
      rows: rows.map((row) => paletteRow(row, `${home}/instances/${row.uid}`)),
    })
  }
}
