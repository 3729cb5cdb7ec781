import { createHash, createPrivateKey } from 'node:crypto'
import { DateTime } from 'luxon'
import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { HostInfoUploadSchema } from '#database/schema'
import { InstanceBusy, NotPossibleNow } from '#exceptions/domain_error'
import { HostInfo, type HostInfoReading } from '#licensing/host_info'
import Activation from '#models/activation'
import AuditEvent from '#models/audit_event'
import License from '#models/license'
import type Operation from '#models/operation'
import RevocationList from '#models/revocation_list'
import SigningKey from '#models/signing_key'
import User from '#models/user'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { affected, sqlTime } from '#models/concerns/sql'
import { transaction } from '#models/concerns/transaction'
import { newUid } from '#models/concerns/uid'
import type { AuditAction, UploadVia } from '#models/types'

export type Received = { upload: HostInfoUpload; operation: Operation | null }

/** A file that somebody sent for a licence, refused or not. The good one before a refused one stays in force. */
export default class HostInfoUpload extends compose(HostInfoUploadSchema, BelongsToOrganization) {
  @belongsTo(() => License)
  declare license: BelongsTo<typeof License>

  @belongsTo(() => User, { foreignKey: 'uploadedById' })
  declare uploadedBy: BelongsTo<typeof User>

  @beforeCreate()
  static assignUid(upload: HostInfoUpload) {
    upload.uid ??= newUid('h')
  }

  /**
   * Reads a file and keeps what became of it. A good one binds its host and opens the operation that signs;
   * one host too many in a year waits for staff.
   * @throws LicenseClosed, NoSigningKey, InstanceBusy while a document for another host is being signed
   */
  static async receive(
    license: License,
    bytes: Buffer,
    { via, by }: { via: UploadVia; by: User | null }
  ): Promise<Received> {
    const reading = await read(license, bytes)
    const received = await transaction(async (trx) => {
      await license.lock(trx)
      await license.ensureOpen(trx)
      const upload = await HostInfoUpload.create(
        {
          uid: newUid('h'),
          organizationId: license.organizationId,
          licenseId: license.id,
          via,
          bytes: bytes.length,
          digest: createHash('sha256').update(bytes).digest('hex'),
          uploadedById: by?.id ?? null,
          ...columnsOf(reading),
        },
        { client: trx }
      )
      if (reading.refusal) {
        await upload.record('license.host_info_refused', license, trx, 'refused')
        return { upload, operation: null }
      }
      if (await upload.needsApproval(license, trx)) {
        await upload.merge({ awaitsApprovalAt: DateTime.utc() }).save()
        await upload.record('license.host_info_waits', license, trx)
        return { upload, operation: null }
      }
      await upload.record('license.host_info_accepted', license, trx)
      return { upload, operation: await upload.bindAndIssue(license, by, trx) }
    })
    if (received.operation) await RevocationList.refresh()
    return received
  }

  /** Those that wait for staff, oldest first, of all tenants. */
  static waiting() {
    return HostInfoUpload.query()
      .whereNotNull('awaits_approval_at')
      .whereNull('approved_at')
      .whereNull('declined_at')
      .preload('license', (license) => license.preload('organization'))
      .orderBy('id')
  }

  get isWaiting(): boolean {
    return Boolean(this.awaitsApprovalAt && !this.approvedAt && !this.declinedAt)
  }

  /** @throws NotPossibleNow, LicenseClosed */
  async approve(by: User): Promise<Operation | null> {
    const operation = await transaction(async (trx) => {
      const license = await License.findOrFail(this.licenseId, { client: trx })
      await license.lock(trx)
      await license.ensureOpen(trx)
      await this.decide({ approved_at: sqlTime(DateTime.utc()), decided_by_id: by.id }, trx)
      await this.record('license.host_info_approved', license, trx)
      return this.bindAndIssue(license, by, trx)
    })
    await RevocationList.refresh()
    return operation
  }

  async decline(by: User): Promise<void> {
    await transaction(async (trx) => {
      const license = await License.findOrFail(this.licenseId, { client: trx })
      await this.decide({ declined_at: sqlTime(DateTime.utc()), decided_by_id: by.id }, trx)
      await this.record('license.host_info_declined', license, trx)
    })
  }

  private async decide(decision: Record<string, unknown>, trx: TransactionClientContract) {
    const decided = await trx
      .from('host_info_uploads')
      .where('id', this.id)
      .whereNotNull('awaits_approval_at')
      .whereNull('approved_at')
      .whereNull('declined_at')
      .update(decision)
    if (affected(decided) === 0) throw new NotPossibleNow()
  }

  /** Another host than any before, and the product's number of changes within a year is used up. */
  private async needsApproval(license: License, trx: TransactionClientContract) {
    const bound = await trx
      .from('activations')
      .where('license_id', license.id)
      .where('fingerprint', this.fingerprint!)
      .whereNull('deactivated_at')
      .first()
    if (bound) return false
    const yearAgo = sqlTime(DateTime.utc().minus({ days: 365 }))
    const { total } = await trx
      .from('activations')
      .where('license_id', license.id)
      .where('created_at', '>=', yearAgo)
      .count('* as total')
      .firstOrFail()
    return Number(total) - license.maxActivations >= license.product.rebindLimit
  }

  private async bindAndIssue(license: License, by: User | null, trx: TransactionClientContract) {
    const before = await Activation.latestOf(license, trx)
    const open = await license.openOperation(trx)
    if (open && before?.fingerprint !== this.fingerprint) {
      throw new InstanceBusy({ instance: license.name, operation: open.uid })
    }
    const activation = await Activation.bindHost(this, trx)
    return open ?? license.openIssue({ activation, by }, trx)
  }

  private record(
    action: AuditAction,
    license: License,
    trx: TransactionClientContract,
    outcome: 'succeeded' | 'refused' = 'succeeded'
  ): Promise<void> {
    return AuditEvent.record(
      {
        action,
        organizationId: license.organizationId,
        subject: license.auditSubject,
        after: {
          upload: this.uid,
          digest: this.digest,
          refusal: this.refusal,
          serialNumber: this.serialNumber,
        },
        outcome,
      },
      trx
    )
  }
}

async function read(license: License, bytes: Buffer): Promise<HostInfoReading> {
  await license.load('product')
  const key = await SigningKey.forCheckCodes()
  return HostInfo.read(bytes, {
    name: license.name,
    checkKey: createPrivateKey(key.privateKey()),
    allowsClassic: license.product.classicEnabled,
  })
}

function columnsOf({ refusal, hostInfo }: HostInfoReading) {
  if (!hostInfo) return { refusal }
  const { mac, serialNumber, checkCode, publicKey, isSigned } = hostInfo
  return { mac, serialNumber, checkCode, publicKey, isSigned, fingerprint: hostInfo.fingerprint() }
}
