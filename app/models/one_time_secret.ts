import { randomInt } from 'node:crypto'
import { DateTime } from 'luxon'
import { beforeCreate } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { OneTimeSecretSchema } from '#database/schema'
import { SecretGone } from '#exceptions/domain_error'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { affected, sqlTime } from '#models/concerns/sql'
import { newUid } from '#models/concerns/uid'
import type Instance from '#models/instance'
import { seal, unseal } from '#services/vault'

const LIFETIME_HOURS = 24
const ALPHABET = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/**
 * A root password on its way: encrypted from the form until its owner has seen it, at most a day.
 * Operations and jobs carry only its id.
 */
export default class OneTimeSecret extends compose(OneTimeSecretSchema, BelongsToOrganization) {
  @beforeCreate()
  static assignUid(secret: OneTimeSecret) {
    secret.uid ??= newUid('s')
  }

  /** 24 letters and digits that are not misread: 137 bits. */
  static newPassword(): string {
    return Array.from({ length: 24 }, () => ALPHABET[randomInt(ALPHABET.length)]!).join('')
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
    return affected(revealed) > 0 ? value : null
  }

  /** The one that may still be shown to its owner; null when it was shown, has expired, or never was. */
  static async readableOf(instance: Instance): Promise<OneTimeSecret | null> {
    return OneTimeSecret.query()
      .where('organization_id', instance.organizationId)
      .where('instance_id', instance.id)
      .whereNotNull('value_encrypted')
      .where('expires_at', '>', DateTime.utc().toSQL({ includeOffset: false }))
      .orderBy('id', 'desc')
      .first()
  }

  /** Once they are set, passwords that their owner chose need not be kept. */
  static async forget(instance: Instance, trx: TransactionClientContract): Promise<void> {
    await trx
      .from('one_time_secrets')
      .where('instance_id', instance.id)
      .update({ value_encrypted: null })
  }

  /** Forgets what expired unread. */
  static async forgetExpired(): Promise<number> {
    const forgotten = await OneTimeSecret.query()
      .where('expires_at', '<', sqlTime(DateTime.utc()))
      .whereNotNull('value_encrypted')
      .update({ value_encrypted: null })
    return affected(forgotten)
  }
}
