import type { HttpContext } from '@adonisjs/core/http'
import Webhook from '#models/webhook'
import WebhookDelivery from '#models/webhook_delivery'
import NoticePolicy from '#policies/notice_policy'
import { apiPage } from '#transformers/api/v1/page'
import { apiDelivery, apiDeliveryRow } from '#transformers/api/v1/webhook'
import { deliverySearch } from '#validators/notice'

/** What an endpoint was sent, newest first, and what became of it. */
export default class DeliveriesController {
  async index({ organization, membership, params, request, bouncer }: HttpContext) {
    await bouncer.with(NoticePolicy).authorize('manageWebhooks', membership)
    const webhook = await Webhook.of(organization, params.webhook_id)
    const log = await WebhookDelivery.logOf(webhook, deliverySearch(request.qs()))
    return apiPage(log, apiDeliveryRow)
  }

  async show({ organization, membership, params, bouncer }: HttpContext) {
    await bouncer.with(NoticePolicy).authorize('manageWebhooks', membership)
    const webhook = await Webhook.of(organization, params.webhook_id)
    return { data: apiDelivery(await WebhookDelivery.of(webhook, params.id)) }
  }
}
