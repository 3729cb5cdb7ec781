import { DateTime } from 'luxon'
import { beforeCreate } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { OneTimeSecretSchema } from '#database/schema'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { newUid } from '#models/concerns/uid'
import type Instance from '#models/instance'
import { seal, unseal } from '#services/vault'

const LIFETIME_HOURS = 24

/**
 * A root password on its way: encrypted from the form until its owner has seen it, at most a day.
 * Operations and jobs carry only its id.
 */
export default class OneTimeSecret extends compose(OneTimeSecretSchema, BelongsToOrganization) {
  @beforeCreate()
  static assignUid(secret: OneTimeSecret) {
    secret.uid ??= newUid('s')
  }

  static async keep(
    instance: Instance,
    value: string,
    trx: TransactionClientContract
  ): Promise<OneTimeSecret> {
    const uid = newUid('s')
    return OneTimeSecret.create(
      {
        uid,
        organizationId: instance.organizationId,
        instanceId: instance.id,
        purpose: 'root_password',
        valueEncrypted: seal(value, `secret:${uid}`),
        expiresAt: DateTime.utc().plus({ hours: LIFETIME_HOURS }),
      },
      { client: trx }
    )
  }

  /** For the step that sets it. @throws Error when it was shown or has expired */
  value(): string {
    if (!this.valueEncrypted) throw new Error('this secret is gone')
    return unseal(this.valueEncrypted, `secret:${this.uid}`)
  }

  get isReadable(): boolean {
    return this.valueEncrypted !== null && this.expiresAt > DateTime.utc()
  }

  /** Hands the value out and forgets it; null when it was handed out before or has expired. */
  async reveal(): Promise<string | null> {
    if (!this.isReadable) return null
    const value = this.value()
    const changed = await OneTimeSecret.query()
      .where('id', this.id)
      .whereNotNull('value_encrypted')
      .update({ value_encrypted: null, shown_at: DateTime.utc().toSQL({ includeOffset: false }) })
    return Number(changed[0] ?? changed) > 0 ? value : null
  }

  /** Forgets what expired unread. */
  static async forgetExpired(): Promise<void> {
    await OneTimeSecret.query()
      .where('expires_at', '<', DateTime.utc().toSQL({ includeOffset: false }))
      .update({ value_encrypted: null })
  }
}
