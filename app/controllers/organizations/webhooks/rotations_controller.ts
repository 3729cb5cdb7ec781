import type { HttpContext } from '@adonisjs/core/http'
import { showOnce } from '#controllers/account/show_once'
import Webhook from '#models/webhook'
import NoticePolicy from '#policies/notice_policy'

/** Another secret; the old one holds on for a day. */
export default class RotationsController {
  async store(ctx: HttpContext) {
    const { organization, membership, bouncer, params, response } = ctx
    await bouncer.with(NoticePolicy).authorize('manageWebhooks', membership)
    const webhook = await Webhook.of(organization, params.webhook_id)
    showOnce(ctx, 'webhook', { value: await webhook.rotate() })
    return response.redirect().toPath(`/o/${organization.slug}/webhooks/${webhook.uid}`)
  }
}
