import { DateTime } from 'luxon'
import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { ActivationSchema } from '#database/schema'
import { TooManyActivations } from '#exceptions/domain_error'
import AuditEvent from '#models/audit_event'
import type HostInfoUpload from '#models/host_info_upload'
import License from '#models/license'
import RevocationList from '#models/revocation_list'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { affected, sqlTime } from '#models/concerns/sql'
import { transaction } from '#models/concerns/transaction'
import { newUid } from '#models/concerns/uid'
import type { AuditAction } from '#models/types'

/** One installation bound to a licence. */
export default class Activation extends compose(ActivationSchema, BelongsToOrganization) {
  @belongsTo(() => License)
  declare license: BelongsTo<typeof License>

  @beforeCreate()
  static assignUid(activation: Activation) {
    activation.uid ??= newUid('a')
  }

  /** The one that is bound last; null when no host is bound. */
  static async latestOf(license: License, trx?: TransactionClientContract) {
    return Activation.query({ client: trx })
      .where('license_id', license.id)
      .whereNull('deactivated_at')
      .whereNotNull('public_key')
      .orderBy('id', 'desc')
      .first()
  }

  /**
   * Binds the host of a good upload in the place of the one before. The caller holds the licence's row.
   */
  static async bindHost(
    upload: HostInfoUpload,
    trx: TransactionClientContract
  ): Promise<Activation> {
    const known = await Activation.openOf(upload.licenseId, upload.fingerprint!, trx)
    const facts = {
      hostInfoUploadId: upload.id,
      mac: upload.mac,
      serialNumber: upload.serialNumber,
      publicKey: upload.publicKey,
    }
    if (known) return known.useTransaction(trx).merge(facts).save()
    const others = await Activation.query({ client: trx })
      .where('license_id', upload.licenseId)
      .whereNull('deactivated_at')
      .orderBy('id')
    const license = await License.findOrFail(upload.licenseId, { client: trx })
    // Where several hosts are allowed, the oldest makes room.
    const leaving = others.slice(0, Math.max(0, others.length - license.maxActivations + 1))
    for (const activation of leaving) await activation.giveUp(trx)
    return Activation.begin(license, { ...facts, fingerprint: upload.fingerprint! }, trx)
  }

  /**
   * An installation that reports over the network. The same one again is the same activation.
   * @throws TooManyActivations
   */
  static async activate(license: License, host: { fingerprint: string; name: string | null }) {
    return transaction(async (trx) => {
      await license.lock(trx)
      const known = await Activation.openOf(license.id, host.fingerprint, trx)
      if (known) return known.seen(trx)
      const { total } = await trx
        .from('activations')
        .where('license_id', license.id)
        .whereNull('deactivated_at')
        .count('* as total')
        .firstOrFail()
      if (Number(total) >= license.maxActivations) {
        throw new TooManyActivations({ maximum: license.maxActivations })
      }
      const activation = await Activation.begin(license, host, trx)
      return activation.seen(trx)
    })
  }

  async beat(): Promise<void> {
    this.lastSeenAt = DateTime.utc()
    await this.save()
  }

  /** Its place is free; what was signed for its host is on the next list of what is revoked. */
  async deactivate(): Promise<void> {
    await transaction(async (trx) => {
      await this.giveUp(trx)
    })
    await RevocationList.refresh()
  }

  private async giveUp(trx: TransactionClientContract): Promise<void> {
    const now = sqlTime(DateTime.utc())
    const closed = await trx
      .from('activations')
      .where('id', this.id)
      .whereNull('deactivated_at')
      .update({ deactivated_at: now, open_on: null })
    if (affected(closed) === 0) return
    await trx
      .from('license_documents')
      .where('current_on', this.id)
      .update({ current_on: null, superseded_at: now })
    await this.record('license.deactivated', trx)
  }

  private static async begin(
    license: License,
    facts: Partial<ActivationSchema> & { fingerprint: string },
    trx: TransactionClientContract
  ): Promise<Activation> {
    const activation = await Activation.create(
      {
        ...facts,
        organizationId: license.organizationId,
        licenseId: license.id,
        openOn: openKey(license.id, facts.fingerprint),
      },
      { client: trx }
    )
    await activation.record('license.activated', trx)
    return activation
  }

  private static openOf(licenseId: number, fingerprint: string, trx: TransactionClientContract) {
    return Activation.query({ client: trx })
      .where('open_on', openKey(licenseId, fingerprint))
      .first()
  }

  private seen(trx: TransactionClientContract): Promise<this> {
    this.lastSeenAt = DateTime.utc()
    return this.useTransaction(trx).save()
  }

  private async record(action: AuditAction, trx: TransactionClientContract): Promise<void> {
    const license = await License.findOrFail(this.licenseId, { client: trx })
    await AuditEvent.record(
      {
        action,
        organizationId: this.organizationId,
        subject: license.auditSubject,
        after: { fingerprint: this.fingerprint.slice(0, 16), serialNumber: this.serialNumber },
      },
      trx
    )
  }
}

const openKey = (licenseId: number, fingerprint: string) => `${licenseId}:${fingerprint}`
