import type { HttpContext } from '@adonisjs/core/http'
import mail from '@adonisjs/mail/services/main'
import InvitationMail from '#mails/invitation_mail'
import Invitation from '#models/invitation'
import InvitationPolicy from '#policies/invitation_policy'
import { apiInvitation } from '#transformers/api/v1/invitation'
import { apiPage } from '#transformers/api/v1/page'
import { pageOf } from '#validators/instance_list'
import { createInvitationValidator } from '#validators/invitation'

/** Not accepted yet. What opens them stands in the mail alone. */
export default class InvitationsController {
  async index({ organization, membership, request, bouncer }: HttpContext) {
    await bouncer.with(InvitationPolicy).authorize('viewAll', membership)
    const { cursor, size } = pageOf(request.qs())
    return apiPage(await Invitation.pageOf(organization, cursor, size), apiInvitation)
  }

  async store(ctx: HttpContext) {
    const { auth, organization, membership, bouncer, request, response } = ctx
    const { email, role } = await request.validateUsing(createInvitationValidator)
    await bouncer.with(InvitationPolicy).authorize('create', membership, role)
    const invitedBy = auth.getUserOrFail()
    const invited = await Invitation.invite(organization, { email, role, invitedBy })
    await mail.sendLater(new InvitationMail(invited, organization, invitedBy))
    invited.invitation.$setRelated('invitedBy', invitedBy)
    return response.created({ data: apiInvitation(invited.invitation) })
  }

  async destroy({ organization, membership, bouncer, params, response }: HttpContext) {
    const invitation = await organization.invitation(params.id)
    await bouncer.with(InvitationPolicy).authorize('manage', membership, invitation)
    await invitation.revoke()
    return response.noContent()
  }
}
