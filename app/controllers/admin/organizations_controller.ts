import type { HttpContext } from '@adonisjs/core/http'
import Organization from '#models/organization'
import { listOrganizations } from '#models/people'
import StaffPolicy from '#policies/staff_policy'
import { adminOrganization } from '#transformers/admin_organization'
import { searchOf } from '#validators/list'

export default class OrganizationsController {
  async index({ bouncer, request, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('read')
    const { words, cursor } = searchOf(request.qs())
    const page = await listOrganizations(words, cursor)
    return view.render('pages/admin/organizations/index', { organizations: page.rows, page, words })
  }

  async show({ bouncer, params, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('read')
    const organization = await Organization.query()
      .where('uid', params.id)
      .preload('quotas')
      .firstOrFail()
    const members = await organization.members({}, 200)
    return view.render('pages/admin/organizations/show', {
      ...adminOrganization(organization, members.rows, await organization.livingInstances()),
      can: { configure: await bouncer.with(StaffPolicy).allows('configure') },
    })
  }
}
