import type { HttpContext } from '@adonisjs/core/http'
import MembershipPolicy from '#policies/membership_policy'
import { apiMember } from '#transformers/api/v1/member'
import { apiPage } from '#transformers/api/v1/page'
import { pageOf } from '#validators/instance_list'

export default class MembersController {
  async index({ organization, membership, request, bouncer }: HttpContext) {
    await bouncer.with(MembershipPolicy).authorize('viewAll', membership)
    const { cursor, size } = pageOf(request.qs())
    return apiPage(await organization.members(cursor, size), apiMember)
  }
}
