import type { HttpContext } from '@adonisjs/core/http'
import mail from '@adonisjs/mail/services/main'
import InvitationMail from '#mails/invitation_mail'
import Invitation from '#models/invitation'
import InvitationPolicy from '#policies/invitation_policy'
import { createInvitationValidator } from '#validators/invitation'

export default class InvitationsController {
  async store(ctx: HttpContext) {
    const { auth, organization, membership, bouncer, request, response, session, i18n } = ctx
    const { email, role } = await request.validateUsing(createInvitationValidator)
    await bouncer.with(InvitationPolicy).authorize('create', membership, role)
    const invitedBy = auth.getUserOrFail()
    const invited = await Invitation.invite(organization, { email, role, invitedBy })
    await mail.sendLater(new InvitationMail(invited, organization, invitedBy))
    session.flash('notice', { kind: 'success', message: i18n.t('invitations.sent', { email }) })
    return response.redirect().toPath(`/o/${organization.slug}/members`)
  }

  async destroy({
    organization,
    membership,
    bouncer,
    params,
    response,
    session,
    i18n,
  }: HttpContext) {
    const invitation = await organization.invitation(params.id)
    await bouncer.with(InvitationPolicy).authorize('manage', membership, invitation)
    await invitation.revoke()
    const message = i18n.t('invitations.revoked', { email: invitation.email })
    session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath(`/o/${organization.slug}/members`)
  }
}
