import type { HttpContext } from '@adonisjs/core/http'
import Webhook from '#models/webhook'
import NoticePolicy from '#policies/notice_policy'
import { apiWebhook } from '#transformers/api/v1/webhook'

/** A notice to one endpoint, to see whether it arrives. Its delivery is in the log within seconds. */
export default class PingsController {
  async store({ organization, membership, params, bouncer, response }: HttpContext) {
    await bouncer.with(NoticePolicy).authorize('manageWebhooks', membership)
    const webhook = await Webhook.of(organization, params.webhook_id)
    await webhook.ping()
    return response.accepted({ data: apiWebhook(webhook) })
  }
}
