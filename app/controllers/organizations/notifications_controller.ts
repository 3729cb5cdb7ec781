import type { HttpContext } from '@adonisjs/core/http'
import NoticePreference from '#models/notice_preference'
import Webhook from '#models/webhook'
import NoticePolicy from '#policies/notice_policy'
import OrganizationPolicy from '#policies/organization_policy'
import { NOTICE_KINDS } from '#models/types'
import { preferenceRow, webhookRow } from '#transformers/notice'
import { preferenceValidator } from '#validators/notice'

/** Who is told of what by mail, and which programs are. */
export default class NotificationsController {
  async index({ organization, membership, bouncer, view }: HttpContext) {
    const policy = bouncer.with(NoticePolicy)
    await policy.authorize('view', membership)
    const mayManage = await policy.allows('manageWebhooks', membership)
    const path = `/o/${organization.slug}`
    const own = await organization.member(membership.uid)
    const others = mayManage ? await NoticePreference.others(organization, own) : []
    const choices = await NoticePreference.choices([own, ...others])
    const rows = choices.map((choice) => preferenceRow(choice, membership, path))
    const webhooks = mayManage ? await Webhook.listOf(organization) : []
    return view.render('pages/organizations/notifications/index', {
      organizationPath: path,
      kinds: NOTICE_KINDS,
      own: rows.filter(({ isOwn }) => isOwn),
      others: rows.filter(({ isOwn }) => !isOwn),
      webhooks: webhooks.map((webhook) => webhookRow(webhook, path)),
      can: { manage: mayManage },
      viewActivity: await bouncer.with(OrganizationPolicy).allows('viewActivity', membership),
    })
  }

  async update(ctx: HttpContext) {
    const { organization, membership, bouncer, params, request, response, session, i18n } = ctx
    const member = await organization.member(params.id)
    await bouncer.with(NoticePolicy).authorize('choose', membership, member)
    const { kinds } = await request.validateUsing(preferenceValidator)
    await NoticePreference.choose(member, kinds ?? [])
    session.flash('notice', { kind: 'success', message: i18n.t('notices.saved') })
    return response.redirect().toPath(`/o/${organization.slug}/notifications`)
  }
}
