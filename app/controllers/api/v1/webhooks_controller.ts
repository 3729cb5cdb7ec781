import type { HttpContext } from '@adonisjs/core/http'
import Webhook from '#models/webhook'
import NoticePolicy from '#policies/notice_policy'
import { apiPageAmong } from '#transformers/api/v1/page'
import { apiWebhook } from '#transformers/api/v1/webhook'
import { pageOf } from '#validators/instance_list'
import { webhookValidator } from '#validators/notice'

/** Where an organization's programs are told what happens. */
export default class WebhooksController {
  async index({ organization, membership, request, bouncer }: HttpContext) {
    await bouncer.with(NoticePolicy).authorize('manageWebhooks', membership)
    const webhooks = await Webhook.listOf(organization)
    return apiPageAmong(webhooks.map(apiWebhook), pageOf(request.qs()))
  }

  async show({ organization, membership, params, bouncer }: HttpContext) {
    await bouncer.with(NoticePolicy).authorize('manageWebhooks', membership)
    return { data: apiWebhook(await Webhook.of(organization, params.id)) }
  }

  /** The secret is in this answer alone, so none is kept for a repetition. */
  async store(ctx: HttpContext) {
    const { organization, membership, request, bouncer, auth, response } = ctx
    await bouncer.with(NoticePolicy).authorize('manageWebhooks', membership)
    const facts = await request.validateUsing(webhookValidator)
    const { webhook, secret } = await Webhook.add(organization, facts, auth.getUserOrFail())
    ctx.isToldOnce = true
    return response.created({ data: { ...apiWebhook(webhook), secret } })
  }

  /** Switched off, it is taken up again. */
  async update({ organization, membership, params, request, bouncer }: HttpContext) {
    await bouncer.with(NoticePolicy).authorize('manageWebhooks', membership)
    const facts = await request.validateUsing(webhookValidator)
    const webhook = await Webhook.of(organization, params.id)
    await webhook.change(facts)
    return { data: apiWebhook(webhook) }
  }

  async destroy({ organization, membership, params, bouncer, response }: HttpContext) {
    await bouncer.with(NoticePolicy).authorize('manageWebhooks', membership)
    const webhook = await Webhook.of(organization, params.id)
    await webhook.remove()
    return response.noContent()
  }
}
