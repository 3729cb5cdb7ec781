import type { HttpContext } from '@adonisjs/core/http'
import Webhook from '#models/webhook'
import NoticePolicy from '#policies/notice_policy'

/** A notice to one endpoint, to see whether it arrives. */
export default class PingsController {
  async store(ctx: HttpContext) {
    const { organization, membership, bouncer, params, response } = ctx
    await bouncer.with(NoticePolicy).authorize('manageWebhooks', membership)
    const webhook = await Webhook.of(organization, params.webhook_id)
    await webhook.ping()
    const message = ctx.i18n.t('notices.pinged')
    ctx.session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath(`/o/${organization.slug}/webhooks/${webhook.uid}`)
  }
}
