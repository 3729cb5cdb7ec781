import type { HttpContext } from '@adonisjs/core/http'
import Organization from '#models/organization'
import { pageAmong } from '#models/concerns/keyset'
import OrganizationPolicy from '#policies/organization_policy'
import { apiOrganization, apiOrganizationRow } from '#transformers/api/v1/organization'
import { apiPage } from '#transformers/api/v1/page'
import { pageOf } from '#validators/instance_list'
import { createOrganizationValidator, updateOrganizationValidator } from '#validators/organization'

/** The organizations of the token's owner. */
export default class OrganizationsController {
  async index({ auth, request }: HttpContext) {
    const { cursor, size } = pageOf(request.qs())
    const all = await Organization.listFor(auth.getUserOrFail())
    return apiPage(
      pageAmong(all, ({ slug }) => slug, cursor, size),
      apiOrganizationRow
    )
  }

  async show({ organization, membership }: HttpContext) {
    return { data: apiOrganization(organization, membership.role) }
  }

  async store({ auth, request, response }: HttpContext) {
    const { name } = await request.validateUsing(createOrganizationValidator)
    const organization = await Organization.foundTeam(name, auth.getUserOrFail())
    return response.created({ data: apiOrganization(organization, 'owner') })
  }

  async update({ organization, membership, bouncer, request }: HttpContext) {
    await bouncer.with(OrganizationPolicy).authorize('update', membership)
    await organization.change(await request.validateUsing(updateOrganizationValidator))
    return { data: apiOrganization(organization, membership.role) }
  }

  async destroy({ organization, membership, bouncer, response }: HttpContext) {
    await bouncer.with(OrganizationPolicy).authorize('destroy', membership)
    await organization.dissolve()
    return response.noContent()
  }
}
