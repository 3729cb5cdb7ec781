import type { HttpContext } from '@adonisjs/core/http'
import MembershipPolicy from '#policies/membership_policy'

/** The membership of the token's owner: giving it up is leaving. */
export default class OwnMembershipController {
  async destroy({ membership, auth, bouncer, response }: HttpContext) {
    await bouncer.with(MembershipPolicy).authorize('leave', membership)
    membership.$setRelated('user', auth.getUserOrFail())
    await membership.end('member.left')
    return response.noContent()
  }
}
