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
    { isOwn }: { isOwn: boolean },
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
        isOwn,
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

  /** It may still be shown. Before the instance has it, the step that sets it needs it. */
  get isReadable(): boolean {
    return this.isKept && this.appliedAt !== null
  }

  get isKept(): boolean {
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
      .whereNotNull('applied_at')
      .update({ value_encrypted: null, shown_at: sqlTime(DateTime.utc()) })
    return affected(revealed) > 0 ? value : null
  }

  /** The one that may still be shown to its owner; null when it was shown, has expired, or never was. */
  static async readableOf(instance: Instance): Promise<OneTimeSecret | null> {
    return OneTimeSecret.query()
      .where('organization_id', instance.organizationId)
      .where('instance_id', instance.id)
      .whereNotNull('value_encrypted')
      .whereNotNull('applied_at')
      .where('expires_at', '>', DateTime.utc().toSQL({ includeOffset: false }))
      .orderBy('id', 'desc')
      .first()
  }

  /** The instance has it now: its owner's own need not be kept, and what was set before opens nothing any more. */
  static async applied(
    instance: Instance,
    id: number,
    trx: TransactionClientContract
  ): Promise<void> {
    const secrets = trx.from('one_time_secrets')
    await secrets.clone().where('instance_id', instance.id).whereNot('id', id).delete()
    await secrets
      .clone()
      .where('id', id)
      .update({ applied_at: sqlTime(DateTime.utc()) })
    await secrets.clone().where({ id, is_own: true }).update({ value_encrypted: null })
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
