import type { HttpContext } from '@adonisjs/core/http'
import Webhook from '#models/webhook'
import WebhookDelivery from '#models/webhook_delivery'
import NoticePolicy from '#policies/notice_policy'
import { deliveryPage, webhookRow } from '#transformers/notice'

/** What an endpoint was sent, and what became of it. */
export default class DeliveriesController {
  async show({ organization, membership, bouncer, params, view }: HttpContext) {
    await bouncer.with(NoticePolicy).authorize('manageWebhooks', membership)
    const webhook = await Webhook.of(organization, params.webhook_id)
    const delivery = await WebhookDelivery.of(webhook, params.id)
    const path = `/o/${organization.slug}`
    return view.render('pages/organizations/webhooks/deliveries/show', {
      organizationPath: path,
      webhook: webhookRow(webhook, path),
      delivery: deliveryPage(delivery, webhook, path),
    })
  }
}
