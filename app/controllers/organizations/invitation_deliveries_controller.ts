import type { HttpContext } from '@adonisjs/core/http'
import mail from '@adonisjs/mail/services/main'
import InvitationMail from '#mails/invitation_mail'
import InvitationPolicy from '#policies/invitation_policy'

/** Sending an invitation once more, with a new link. */
export default class InvitationDeliveriesController {
  async store(ctx: HttpContext) {
    const { auth, organization, membership, bouncer, params, response, session, i18n } = ctx
    const invitation = await organization.invitation(params.id)
    await bouncer.with(InvitationPolicy).authorize('manage', membership, invitation)
    const token = await invitation.renew()
    const mailed = new InvitationMail({ invitation, token }, organization, auth.getUserOrFail())
    await mail.sendLater(mailed)
    const message = i18n.t('invitations.sent', { email: invitation.email })
    session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath(`/o/${organization.slug}/members`)
  }
}
