import type { HttpContext } from '@adonisjs/core/http'
import Webhook from '#models/webhook'
import WebhookDelivery from '#models/webhook_delivery'
import NoticePolicy from '#policies/notice_policy'
import { apiDelivery } from '#transformers/api/v1/webhook'

/** A delivery once more, or all that failed. */
export default class RedeliveriesController {
  async store({ organization, membership, params, bouncer, response }: HttpContext) {
    await bouncer.with(NoticePolicy).authorize('manageWebhooks', membership)
    const webhook = await Webhook.of(organization, params.webhook_id)
    const delivery = await WebhookDelivery.of(webhook, params.delivery_id)
    await delivery.repeat(webhook)
    return response.accepted({ data: apiDelivery(await WebhookDelivery.of(webhook, delivery.uid)) })
  }

  async storeFailed({ organization, membership, params, bouncer, response }: HttpContext) {
    await bouncer.with(NoticePolicy).authorize('manageWebhooks', membership)
    const webhook = await Webhook.of(organization, params.webhook_id)
    return response.accepted({ data: { deliveries: await WebhookDelivery.repeatFailed(webhook) } })
  }
}
