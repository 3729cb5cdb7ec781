import type { HttpContext } from '@adonisjs/core/http'
import MembershipPolicy from '#policies/membership_policy'
import { apiMember } from '#transformers/api/v1/member'
import { apiPage } from '#transformers/api/v1/page'
import { pageOf } from '#validators/instance_list'
import { updateMembershipValidator } from '#validators/membership'

export default class MembersController {
  async index({ organization, membership, request, bouncer }: HttpContext) {
    await bouncer.with(MembershipPolicy).authorize('viewAll', membership)
    const { cursor, size } = pageOf(request.qs())
    return apiPage(await organization.members(cursor, size), apiMember)
  }

  async update({ organization, membership, params, request, bouncer }: HttpContext) {
    const { role } = await request.validateUsing(updateMembershipValidator)
    const member = await organization.member(params.id)
    await bouncer.with(MembershipPolicy).authorize('changeRole', membership, member, role)
    await member.changeRole(role)
    return { data: apiMember(member) }
  }

  async destroy({ organization, membership, params, bouncer, response }: HttpContext) {
    const member = await organization.member(params.id)
    await bouncer.with(MembershipPolicy).authorize('remove', membership, member)
    await member.end('member.removed')
    return response.noContent()
  }
}
