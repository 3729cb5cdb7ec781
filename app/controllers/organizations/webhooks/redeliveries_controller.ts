import type { HttpContext } from '@adonisjs/core/http'
import Webhook from '#models/webhook'
import WebhookDelivery from '#models/webhook_delivery'
import NoticePolicy from '#policies/notice_policy'

/** A delivery once more, or all that failed. */
export default class RedeliveriesController {
  async store(ctx: HttpContext) {
    const { organization, membership, bouncer, params, response, session, i18n } = ctx
    await bouncer.with(NoticePolicy).authorize('manageWebhooks', membership)
    const webhook = await Webhook.of(organization, params.webhook_id)
    const delivery = await WebhookDelivery.of(webhook, params.delivery_id)
    await delivery.repeat(webhook)
    session.flash('notice', { kind: 'success', message: i18n.t('notices.repeated', { count: 1 }) })
    return response.redirect().back()
  }

  async storeFailed(ctx: HttpContext) {
    const { organization, membership, bouncer, params, response, session, i18n } = ctx
    await bouncer.with(NoticePolicy).authorize('manageWebhooks', membership)
    const webhook = await Webhook.of(organization, params.webhook_id)
    const count = await WebhookDelivery.repeatFailed(webhook)
    session.flash('notice', { kind: 'success', message: i18n.t('notices.repeated', { count }) })
    return response.redirect().toPath(`/o/${organization.slug}/webhooks/${webhook.uid}`)
  }
}
