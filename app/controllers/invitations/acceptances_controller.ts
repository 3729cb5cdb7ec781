import type { HttpContext } from '@adonisjs/core/http'
import { NotFound } from '#exceptions/domain_error'
import Invitation from '#models/invitation'

export default class AcceptancesController {
  async store({ auth, params, response, session, i18n }: HttpContext) {
    const user = auth.getUserOrFail()
    const invitation = await Invitation.acceptableBy(user, params.token)
    if (!invitation) throw new NotFound()
    await invitation.accept(user)
    const { name, slug } = invitation.organization
    session.flash('notice', { kind: 'success', message: i18n.t('invitations.accepted', { name }) })
    return response.redirect().toPath(`/o/${slug}`)
  }
}
