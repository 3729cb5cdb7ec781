import type { HttpContext } from '@adonisjs/core/http'
import { showOnce, shownOnce } from '#controllers/account/show_once'
import Webhook from '#models/webhook'
import WebhookDelivery from '#models/webhook_delivery'
import NoticePolicy from '#policies/notice_policy'
import { NOTICE_KINDS } from '#models/types'
import { deliveryLog, webhookRow } from '#transformers/notice'
import { deliverySearch, webhookValidator } from '#validators/notice'

/** Endpoints of an organization's programs; the secret is on a page once. */
export default class WebhooksController {
  async create({ organization, membership, bouncer, view }: HttpContext) {
    await bouncer.with(NoticePolicy).authorize('manageWebhooks', membership)
    return view.render('pages/organizations/webhooks/create', {
      organizationPath: `/o/${organization.slug}`,
      kinds: NOTICE_KINDS,
    })
  }

  async store(ctx: HttpContext) {
    const { organization, membership, bouncer, auth, request, response } = ctx
    await bouncer.with(NoticePolicy).authorize('manageWebhooks', membership)
    const facts = await request.validateUsing(webhookValidator)
    const { webhook, secret } = await Webhook.add(organization, facts, auth.getUserOrFail())
    showOnce(ctx, 'webhook', { value: secret })
    return response.redirect().toPath(`/o/${organization.slug}/webhooks/${webhook.uid}`)
  }

  async show(ctx: HttpContext) {
    const { organization, membership, bouncer, params, request, view } = ctx
    await bouncer.with(NoticePolicy).authorize('manageWebhooks', membership)
    const webhook = await Webhook.of(organization, params.id)
    const search = deliverySearch(request.qs())
    const log = await WebhookDelivery.logOf(webhook, search)
    const path = `/o/${organization.slug}`
    return view.render('pages/organizations/webhooks/show', {
      organizationPath: path,
      webhook: webhookRow(webhook, path),
      kinds: NOTICE_KINDS,
      fresh: shownOnce<{ value: string }>(ctx, 'webhook'),
      log: deliveryLog(log, webhook, search.state, path),
    })
  }

  async update(ctx: HttpContext) {
    const { organization, membership, bouncer, params, request, response, session, i18n } = ctx
    await bouncer.with(NoticePolicy).authorize('manageWebhooks', membership)
    const webhook = await Webhook.of(organization, params.id)
    await webhook.change(await request.validateUsing(webhookValidator))
    session.flash('notice', { kind: 'success', message: i18n.t('notices.saved') })
    return response.redirect().toPath(`/o/${organization.slug}/webhooks/${webhook.uid}`)
  }

  async destroy(ctx: HttpContext) {
    const { organization, membership, bouncer, params, response, session, i18n } = ctx
    await bouncer.with(NoticePolicy).authorize('manageWebhooks', membership)
    const webhook = await Webhook.of(organization, params.id)
    await webhook.remove()
    session.flash('notice', { kind: 'success', message: i18n.t('notices.removed') })
    return response.redirect().toPath(`/o/${organization.slug}/notifications`)
  }
}
