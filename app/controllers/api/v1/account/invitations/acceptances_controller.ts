import type { HttpContext } from '@adonisjs/core/http'
import { NotFound } from '#exceptions/domain_error'
import Invitation from '#models/invitation'
import Membership from '#models/membership'
import { apiOrganization } from '#transformers/api/v1/organization'

export default class AcceptancesController {
  async store({ auth, params }: HttpContext) {
    const user = auth.getUserOrFail()
    const invitation = await Invitation.acceptableBy(user, params.invitation_id)
    if (!invitation) throw new NotFound()
    await invitation.accept(user)
    const { membership } = await Membership.around(user.id, invitation.organization.slug)
    return { data: apiOrganization(invitation.organization, membership!.role) }
  }
}
