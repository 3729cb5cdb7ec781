import type { HttpContext } from '@adonisjs/core/http'
import Invitation from '#models/invitation'
import Organization from '#models/organization'
import OrganizationPolicy from '#policies/organization_policy'
import { openInvitation } from '#transformers/invitation'
import { confirmationValidator } from '#validators/confirmation'
import { createOrganizationValidator } from '#validators/organization'

/** The organizations of whoever is signed in. */
export default class OrganizationsController {
  async index({ auth, view }: HttpContext) {
    const user = auth.getUserOrFail()
    const invitations = await Invitation.openFor(user)
    return view.render('pages/organizations/index', {
      organizations: await Organization.listFor(user),
      invitations: invitations.map(openInvitation),
    })
  }

  async create({ view }: HttpContext) {
    return view.render('pages/organizations/create')
  }

  async store({ auth, request, response, session, i18n }: HttpContext) {
    const { name } = await request.validateUsing(createOrganizationValidator)
    const organization = await Organization.foundTeam(name, auth.getUserOrFail())
    session.flash('notice', { kind: 'success', message: i18n.t('organizations.created', { name }) })
    return response.redirect().toPath(`/o/${organization.slug}/members`)
  }

  async destroy({ membership, bouncer, request, response, session, i18n }: HttpContext) {
    const { organization } = membership
    await bouncer.with(OrganizationPolicy).authorize('destroy', membership)
    const { name } = organization
    await request.validateUsing(confirmationValidator, { meta: { name } })
    await organization.dissolve()
    session.flash('notice', { kind: 'success', message: i18n.t('organizations.deleted', { name }) })
    return response.redirect().toRoute('organizations.index')
  }
}
