import type { HttpContext } from '@adonisjs/core/http'
import NoticePreference from '#models/notice_preference'
import NoticePolicy from '#policies/notice_policy'
import { apiNotices } from '#transformers/api/v1/notices'
import { apiPage } from '#transformers/api/v1/page'
import { pageOf } from '#validators/instance_list'
import { chosenNoticesValidator } from '#validators/notice'

/** What members are told of an organization by mail: of oneself, or of all for whoever may choose for them. */
export default class NotificationsController {
  async index({ organization, membership, bouncer, request }: HttpContext) {
    const policy = bouncer.with(NoticePolicy)
    await policy.authorize('view', membership)
    const { cursor, size } = pageOf(request.qs())
    const page = (await policy.allows('manageWebhooks', membership))
      ? await organization.members(cursor, size)
      : { rows: [await organization.member(membership.uid)], previous: null, next: null }
    const rows = await NoticePreference.choices(page.rows)
    return apiPage({ ...page, rows }, apiNotices)
  }

  async update({ organization, membership, bouncer, params, request }: HttpContext) {
    const { kinds } = await request.validateUsing(chosenNoticesValidator)
    const member = await organization.member(params.id)
    await bouncer.with(NoticePolicy).authorize('choose', membership, member)
    await NoticePreference.choose(member, kinds)
    return { data: apiNotices({ member, kinds }) }
  }
}
