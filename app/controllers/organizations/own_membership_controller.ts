import type { HttpContext } from '@adonisjs/core/http'
import MembershipPolicy from '#policies/membership_policy'

/** The membership of whoever is signed in: giving it up is leaving. */
export default class OwnMembershipController {
  async destroy({ membership, auth, bouncer, response, session, i18n }: HttpContext) {
    await bouncer.with(MembershipPolicy).authorize('leave', membership)
    membership.$setRelated('user', auth.getUserOrFail())
    await membership.end('member.left')
    const message = i18n.t('members.left', { organization: membership.organization.name })
    session.flash('notice', { kind: 'success', message })
    return response.redirect().toRoute('organizations.index')
  }
}
