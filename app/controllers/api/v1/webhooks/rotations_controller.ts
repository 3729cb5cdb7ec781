import type { HttpContext } from '@adonisjs/core/http'
import Webhook from '#models/webhook'
import NoticePolicy from '#policies/notice_policy'
import { apiWebhook } from '#transformers/api/v1/webhook'

/** Another secret; the old one holds on for a day. */
export default class RotationsController {
  /** Told once, as when it was made. */
  async store(ctx: HttpContext) {
    const { organization, membership, params, bouncer } = ctx
    await bouncer.with(NoticePolicy).authorize('manageWebhooks', membership)
    const webhook = await Webhook.of(organization, params.webhook_id)
    const secret = await webhook.rotate()
    await webhook.refresh()
    ctx.isToldOnce = true
    return { data: { ...apiWebhook(webhook), secret } }
  }
}
