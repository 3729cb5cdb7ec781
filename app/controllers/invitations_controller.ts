import type { HttpContext } from '@adonisjs/core/http'
import { NotFound } from '#exceptions/domain_error'
import Invitation from '#models/invitation'
import { invitationPage } from '#transformers/invitation'

/** What the link in an invitation's mail opens. */
export default class InvitationsController {
  async show({ auth, params, request, response, session, view }: HttpContext) {
    const invitation = await Invitation.ofToken(params.token)
    if (!invitation || invitation.organization.deletedAt) throw new NotFound()
    const user = auth.user ?? null
    // Signing in or up leads back here.
    if (!user) session.put('return_to', request.url())
    if (invitation.state !== 'open') response.status(410)
    response.header('Referrer-Policy', 'no-referrer')
    return view.render('pages/invitations/show', invitationPage(invitation, user, params.token))
  }
}
