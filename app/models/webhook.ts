import { DateTime } from 'luxon'
import { beforeCreate, hasMany } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import type { HasMany } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { givenUpAfterDays } from '#config/webhooks'
import { WebhookSchema } from '#database/schema'
import { TooManyWebhooks, WebhookAddressRefused } from '#exceptions/domain_error'
import AuditEvent, { type AuditSubject } from '#models/audit_event'
import Notice from '#models/notice'
import type Organization from '#models/organization'
import type User from '#models/user'
import WebhookDelivery from '#models/webhook_delivery'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { affected, sqlTime } from '#models/concerns/sql'
import { transaction } from '#models/concerns/transaction'
import { newUid } from '#models/concerns/uid'
import type { AuditAction, NoticeKind } from '#models/types'
import { seal, unseal } from '#services/vault'
import { isCallable, newWebhookSecret } from '#services/webhook_call'

const MOST = 20
/** For so long an old secret is signed with beside the new one. */
const OVERLAP_HOURS = 24

type Secrets = { current: string; previous: string | null }

export type WebhookFacts = { url: string; kinds: NoticeKind[] }

/** Where an organization's programs are told what happens. */
export default class Webhook extends compose(WebhookSchema, BelongsToOrganization) {
  @hasMany(() => WebhookDelivery)
  declare deliveries: HasMany<typeof WebhookDelivery>

  @beforeCreate()
  static assignUid(webhook: Webhook) {
    webhook.uid ??= newUid('h')
  }

  static listOf(organization: Organization): Promise<Webhook[]> {
    return Webhook.query().where('organization_id', organization.id).orderBy('id')
  }

  /** @throws E_ROW_NOT_FOUND */
  static of(organization: Organization, uid: string): Promise<Webhook> {
    return Webhook.query().where({ organizationId: organization.id, uid }).firstOrFail()
  }

  /** @returns the secret, this once. @throws WebhookAddressRefused, TooManyWebhooks */
  static async add(
    organization: Organization,
    { url, kinds }: WebhookFacts,
    by: User
  ): Promise<{ webhook: Webhook; secret: string }> {
    if (!isCallable(url)) throw new WebhookAddressRefused()
    const secret = newWebhookSecret()
    const uid = newUid('h')
    const webhook = await transaction(async (trx) => {
      await trx.from('organizations').where('id', organization.id).forUpdate().select('id')
      const others = await Webhook.query({ client: trx }).where('organization_id', organization.id)
      if (others.length >= MOST) throw new TooManyWebhooks({ maximum: MOST })
      const added = await Webhook.create(
        {
          uid,
          organizationId: organization.id,
          url,
          kinds,
          secretsEncrypted: sealed(uid, { current: secret, previous: null }),
          createdById: by.id,
        },
        { client: trx }
      )
      await added.record('webhook.added', { url, kinds: kinds.join(', ') }, trx)
      return added
    })
    return { webhook, secret }
  }

  /** Changing it takes it up again, too. @throws WebhookAddressRefused */
  async change(this: Webhook, { url, kinds }: WebhookFacts): Promise<void> {
    if (!isCallable(url)) throw new WebhookAddressRefused()
    await transaction(async (trx) => {
      this.useTransaction(trx)
      await this.merge({ url, kinds, disabledAt: null, failingSince: null }).save()
      await this.record('webhook.changed', { url, kinds: kinds.join(', ') }, trx)
    })
  }

  /** Another secret; the old one is signed with as well for a day. @returns the new one, this once */
  async rotate(): Promise<string> {
    const current = newWebhookSecret()
    await transaction(async (trx) => {
      const row = await Webhook.query({ client: trx })
        .where('id', this.id)
        .forUpdate()
        .firstOrFail()
      row.secretsEncrypted = sealed(row.uid, { current, previous: opened(row).current })
      row.overlapUntil = DateTime.utc().plus({ hours: OVERLAP_HOURS })
      await row.save()
      await this.record('webhook.rotated', { overlap_hours: OVERLAP_HOURS }, trx)
    })
    return current
  }

  async remove(): Promise<void> {
    await transaction(async (trx) => {
      await this.record('webhook.removed', { url: this.url }, trx)
      await this.useTransaction(trx).delete()
    })
  }

  /** A notice for this one alone, to see whether it arrives. */
  async ping(): Promise<void> {
    await transaction((trx) =>
      Notice.raise(this.organizationId, 'webhook.ping', { webhook: this.uid }, trx, {
        webhookId: this.id,
      })
    )
  }

  /** Whether the secret before the last is signed with as well. */
  get isTwiceSigned(): boolean {
    return Boolean(this.overlapUntil && this.overlapUntil > DateTime.utc())
  }

  /** Those that are signed with now, the newest first. */
  get secrets(): string[] {
    const { current, previous } = opened(this)
    return previous && this.isTwiceSigned ? [current, previous] : [current]
  }

  get auditSubject(): AuditSubject {
    return { kind: 'webhook', uid: this.uid, label: this.url.slice(0, 120) }
  }

  /** It took what it was sent, or did not; after failing for long it is sent nothing more, and people are told. */
  async heard(isTaken: boolean, trx: TransactionClientContract): Promise<void> {
    const row = () => trx.from('webhooks').where('id', this.id)
    const now = DateTime.utc()
    if (isTaken) {
      await row().whereNotNull('failing_since').update({ failing_since: null })
      return
    }
    if (!this.failingSince) {
      await row()
        .whereNull('failing_since')
        .update({ failing_since: sqlTime(now) })
      return
    }
    if (this.failingSince > now.minus({ days: givenUpAfterDays })) return
    const disabled = await row()
      .whereNull('disabled_at')
      .update({ disabled_at: sqlTime(now) })
    if (affected(disabled) > 0) await this.giveUp(trx)
  }

  private async giveUp(trx: TransactionClientContract): Promise<void> {
    await trx
      .from('webhook_deliveries')
      .where({ webhook_id: this.id, state: 'waiting' })
      .update({ state: 'failed', due_at: null })
    const facts = { webhook: this.uid, url: this.url }
    await Notice.raise(this.organizationId, 'webhook.disabled', facts, trx)
    await AuditEvent.record(
      {
        action: 'webhook.disabled',
        organizationId: this.organizationId,
        subject: this.auditSubject,
        actor: 'system',
      },
      trx
    )
  }

  private record(
    action: AuditAction,
    after: Record<string, string | number>,
    trx: TransactionClientContract
  ): Promise<void> {
    const { organizationId, auditSubject: subject } = this
    return AuditEvent.record({ action, organizationId, subject, after }, trx)
  }
}

const sealed = (uid: string, secrets: Secrets) => seal(JSON.stringify(secrets), `webhook:${uid}`)

function opened({ uid, secretsEncrypted }: Webhook): Secrets {
  return JSON.parse(unseal(secretsEncrypted, `webhook:${uid}`))
}
