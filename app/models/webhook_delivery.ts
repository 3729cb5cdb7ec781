import { DateTime } from 'luxon'
import { belongsTo } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { answerWithinMs, pausesMs } from '#config/webhooks'
import { WebhookDeliverySchema } from '#database/schema'
import { NotPossibleNow } from '#exceptions/domain_error'
import AuditEvent from '#models/audit_event'
import Notice from '#models/notice'
import Webhook from '#models/webhook'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { keysetPage, type Cursor, type KeysetPage } from '#models/concerns/keyset'
import { affected, sqlTime } from '#models/concerns/sql'
import { transaction } from '#models/concerns/transaction'
import type { DeliveryState } from '#models/types'
import { callWebhook } from '#services/webhook_call'

/** Nobody else takes it up while it is being sent; whoever is killed meanwhile is followed after this. */
const HELD_MS = answerWithinMs * 3
const PAGE_SIZE = 50

/** `by nobody here`: another worker was quicker. */
export type Sent = 'taken' | 'not taken' | 'by nobody here'

/** One notice on its way to one endpoint. */
export default class WebhookDelivery extends compose(WebhookDeliverySchema, BelongsToOrganization) {
  @belongsTo(() => Webhook)
  declare webhook: BelongsTo<typeof Webhook>

  @belongsTo(() => Notice)
  declare notice: BelongsTo<typeof Notice>

  /** The log of an endpoint, newest first. */
  static logOf(
    webhook: Webhook,
    { state, cursor }: { state: DeliveryState | null; cursor: Cursor }
  ): Promise<KeysetPage<WebhookDelivery>> {
    const query = webhook
      .related('deliveries')
      .query()
      .if(state !== null, (some) => some.where('state', state!))
      .preload('notice')
    const order = { columns: ['id'], descending: true, keyOf: ({ id }: WebhookDelivery) => [id] }
    return keysetPage(query, order, cursor, PAGE_SIZE, (narrowed) => narrowed)
  }

  /** With what it tells. @throws E_ROW_NOT_FOUND */
  static of(webhook: Webhook, uid: string): Promise<WebhookDelivery> {
    return webhook.related('deliveries').query().where('uid', uid).preload('notice').firstOrFail()
  }

  /** All of an endpoint that failed. @returns how many; @throws NotPossibleNow while it is switched off */
  static async repeatFailed(webhook: Webhook): Promise<number> {
    if (webhook.disabledAt) throw new NotPossibleNow()
    return transaction(async (trx) => {
      const asked = await trx
        .from('webhook_deliveries')
        .where({ webhook_id: webhook.id, state: 'failed' })
        .update({ state: 'waiting', attempts: 0, due_at: Date.now() })
      const deliveries = affected(asked)
      const { organizationId, auditSubject: subject } = webhook
      const action = 'webhook.failed_redelivered'
      if (deliveries > 0) {
        await AuditEvent.record({ action, organizationId, subject, after: { deliveries } }, trx)
      }
      return deliveries
    })
  }

  /** From the beginning, under the same id. @throws NotPossibleNow while it is on its way or `webhook` is off */
  async repeat(webhook: Webhook): Promise<void> {
    if (webhook.disabledAt) throw new NotPossibleNow()
    await transaction(async (trx) => {
      const asked = await WebhookDelivery.query({ client: trx })
        .where('id', this.id)
        .whereNot('state', 'waiting')
        .update({ state: 'waiting', attempts: 0, due_at: Date.now() })
      if (affected(asked) === 0) throw new NotPossibleNow()
      const { organizationId, auditSubject: subject } = webhook
      const after = { delivery: this.uid }
      const action = 'webhook.redelivered'
      await AuditEvent.record({ action, organizationId, subject, after }, trx)
    })
  }

  /** What happened is written down when the answer is there: rather sent twice than never. */
  async send(this: WebhookDelivery): Promise<Sent> {
    const held = await WebhookDelivery.query()
      .where({ id: this.id, state: 'waiting', dueAt: this.dueAt })
      .update({ due_at: Date.now() + HELD_MS })
    if (affected(held) === 0) return 'by nobody here'
    await this.load((relation) => relation.load('webhook').load('notice'))
    const { webhook, notice } = this
    const message = { id: notice.uid, body: notice.body }
    const answer = await callWebhook(webhook.url, webhook.secrets, message)
    const isTaken = answer.problem === null
    const attempts = this.attempts + 1
    const pause = isTaken ? undefined : pausesMs[attempts - 1]
    await transaction(async (trx) => {
      await trx
        .from('webhook_deliveries')
        .where('id', this.id)
        .update({
          state: isTaken ? 'delivered' : pause === undefined ? 'failed' : 'waiting',
          attempts,
          due_at: pause === undefined ? null : Date.now() + pause,
          status: answer.status,
          problem: answer.problem,
          took_ms: answer.tookMs,
          attempted_at: sqlTime(DateTime.utc()),
        })
      await webhook.heard(isTaken, trx)
    })
    return isTaken ? 'taken' : 'not taken'
  }
}
