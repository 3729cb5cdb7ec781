import { DateTime } from 'luxon'
import { beforeCreate } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { OneTimeSecretSchema } from '#database/schema'
import { SecretGone } from '#exceptions/domain_error'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { affectedRows } from '#models/concerns/transaction'
import { sqlTime } from '#models/concerns/columns'
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

  /** For the step that sets it. @throws SecretGone when it was shown or has expired */
  value(): string {
    if (!this.valueEncrypted) throw new SecretGone()
    return unseal(this.valueEncrypted, `secret:${this.uid}`)
  }

  get isReadable(): boolean {
    return this.valueEncrypted !== null && this.expiresAt > DateTime.utc()
  }

  /**
   * Hands the value out and forgets it; null when it was handed out before, has expired, or the instance
   * does not have it yet: the step that sets it still needs it.
   */
  async reveal(): Promise<string | null> {
    if (!this.isReadable) return null
    const value = this.value()
    const revealed = await OneTimeSecret.query()
      .where('id', this.id)
      .whereNotNull('value_encrypted')
      .whereIn('instance_id', (instances) =>
        instances.from('instances').whereNotNull('provisioned_at').select('id')
      )
      .update({ value_encrypted: null, shown_at: sqlTime(DateTime.utc()) })
    return affectedRows(revealed) > 0 ? value : null
  }

  /** Forgets what expired unread. */
  static async forgetExpired(): Promise<number> {
    const forgotten = await OneTimeSecret.query()
      .where('expires_at', '<', sqlTime(DateTime.utc()))
      .whereNotNull('value_encrypted')
      .update({ value_encrypted: null })
    return affectedRows(forgotten)
  }
}
