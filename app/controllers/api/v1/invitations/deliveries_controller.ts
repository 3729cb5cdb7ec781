import type { HttpContext } from '@adonisjs/core/http'
import mail from '@adonisjs/mail/services/main'
import InvitationMail from '#mails/invitation_mail'
import InvitationPolicy from '#policies/invitation_policy'
import { apiInvitation } from '#transformers/api/v1/invitation'

/** Sending an invitation once more, with a new link. */
export default class DeliveriesController {
  async store({ auth, organization, membership, bouncer, params, response }: HttpContext) {
    const invitation = await organization.invitation(params.invitation_id)
    await bouncer.with(InvitationPolicy).authorize('manage', membership, invitation)
    const token = await invitation.renew()
    const mailed = new InvitationMail({ invitation, token }, organization, auth.getUserOrFail())
    await mail.sendLater(mailed)
    await invitation.load('invitedBy')
    return response.created({ data: apiInvitation(invitation) })
  }
}
