import { createHash, randomBytes } from 'node:crypto'
import { DateTime } from 'luxon'
import { beforeCreate, belongsTo, hasMany } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import db from '@adonisjs/lucid/services/db'
import type { BelongsTo, HasMany } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { LicenseSchema } from '#database/schema'
import {
  LicenseClosed,
  LicenseFrozen,
  LicenseInUse,
  NameInUse,
  NoHostInfo,
  NotFound,
  NotPossibleNow,
} from '#exceptions/domain_error'
import Activation from '#models/activation'
import AuditEvent, { type AuditSubject } from '#models/audit_event'
import Entitlement from '#models/entitlement'
import HostInfoUpload from '#models/host_info_upload'
import LicenseDocument from '#models/license_document'
import LicenseRenewal from '#models/license_renewal'
import LicenseRevocation from '#models/license_revocation'
import LicenseSuspension from '#models/license_suspension'
import LicensedProduct from '#models/licensed_product'
import Operation from '#models/operation'
import Organization from '#models/organization'
import RevocationList from '#models/revocation_list'
import type User from '#models/user'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { isUniqueViolation } from '#models/concerns/database_errors'
import { aliased, unaliased } from '#models/concerns/joined'
import { affected, sqlTime } from '#models/concerns/sql'
import { transaction } from '#models/concerns/transaction'
import { newUid } from '#models/concerns/uid'
import type { AuditAction } from '#models/types'

export type EntitlementFacts = { name: string; maximum: number | null }

/** What a grant says, and what an administrator may change of it. */
export type LicenseLimits = Pick<
  LicenseSchema,
  'maxVm' | 'maxImage' | 'maxUser' | 'maxVcpu' | 'maxVmem' | 'maxVdisk' | 'maxActivations'
> & { graceDays: number | null; entitlements: EntitlementFacts[] }

export type LicenseGrant = LicenseLimits & {
  name: string
  startsAt: DateTime
  expiresAt: DateTime
  externalReference?: string | null
}

const TOKEN_PREFIX = 'plt_'

/** The grant: what, to whom, from when until when, how much. Where it stands is derived from its records. */
export default class License extends compose(LicenseSchema, BelongsToOrganization) {
  @belongsTo(() => Organization)
  declare organization: BelongsTo<typeof Organization>

  @belongsTo(() => LicensedProduct)
  declare product: BelongsTo<typeof LicensedProduct>

  @hasMany(() => Entitlement)
  declare entitlements: HasMany<typeof Entitlement>

  @hasMany(() => Activation)
  declare activations: HasMany<typeof Activation>

  @hasMany(() => HostInfoUpload)
  declare uploads: HasMany<typeof HostInfoUpload>

  @hasMany(() => LicenseDocument)
  declare documents: HasMany<typeof LicenseDocument>

  @hasMany(() => LicenseRenewal)
  declare renewals: HasMany<typeof LicenseRenewal>

  @hasMany(() => LicenseSuspension)
  declare suspensions: HasMany<typeof LicenseSuspension>

  @hasMany(() => Operation)
  declare operations: HasMany<typeof Operation>

  @beforeCreate()
  static assignUid(license: License) {
    license.uid ??= newUid('l')
  }

  /** @throws NameInUse */
  static async grant(
    product: LicensedProduct,
    organization: Organization,
    { entitlements, ...facts }: LicenseGrant,
    by: User | null,
    within?: TransactionClientContract
  ): Promise<License> {
    const write = async (trx: TransactionClientContract) => {
      const license = await License.create(
        {
          uid: newUid('l'),
          organizationId: organization.id,
          licensedProductId: product.id,
          createdById: by?.id ?? null,
          ...facts,
        },
        { client: trx }
      )
      await license.keepEntitlements(entitlements, trx)
      await license.record('license.granted', trx, {
        product: product.code,
        expiresAt: facts.expiresAt.toISO(),
        ...limitsOf(license),
      })
      return license
    }
    try {
      return await (within ? write(within) : transaction(write))
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      throw new NameInUse({ name: facts.name }, { cause: error })
    }
  }

  /** A licence of the organization. @throws E_ROW_NOT_FOUND */
  static of(organization: Organization, uid: string): Promise<License> {
    return organization
      .related('licenses')
      .query()
      .where('uid', uid)
      .preload('product')
      .firstOrFail()
  }

  /** By the token that its installation shows; null for a stranger. Over all tenants. */
  static async findByToken(token: string): Promise<License | null> {
    const license = await License.query()
      .join('licensed_products', 'licensed_products.id', 'licenses.licensed_product_id')
      .where('licenses.token_hash', hashOf(token))
      .select('licenses.*')
      .select(db.raw(aliased(LicensedProduct, 'product_')))
      .first()
    if (!license) return null
    const product = unaliased(license.$extras, LicensedProduct, 'product_')
    license.$setRelated('product', LicensedProduct.$createFromAdapterResult(product)!)
    return license
  }

  /** One that was handed out, or could have been. @throws E_ROW_NOT_FOUND */
  publishedDocument(uid: string): Promise<LicenseDocument> {
    return LicenseDocument.query()
      .where({ license_id: this.id, uid })
      .whereNotNull('published_at')
      .firstOrFail()
  }

  async lock(trx: TransactionClientContract): Promise<void> {
    const row = await trx.from('licenses').where('id', this.id).forUpdate().select('id').first()
    if (!row) throw new NotFound()
  }

  get isExpired(): boolean {
    return this.expiresAt <= DateTime.utc()
  }

  /** Until when verifiers still take it. The product has to be loaded. */
  get graceUntil(): DateTime {
    return this.expiresAt.plus({ days: this.graceDays ?? this.product.graceDays })
  }

  /** @throws LicenseClosed when it is revoked, suspended or expired */
  async ensureOpen(trx?: TransactionClientContract): Promise<void> {
    const revocation = await LicenseRevocation.query({ client: trx })
      .where('license_id', this.id)
      .first()
    if (revocation) throw new LicenseClosed({ state: 'revoked' })
    const suspension = await LicenseSuspension.query({ client: trx })
      .where('open_on', this.id)
      .first()
    if (suspension) throw new LicenseClosed({ state: 'suspended' })
    if (this.isExpired) throw new LicenseClosed({ state: 'expired' })
  }

  /** @throws LicenseFrozen while a host is bound, unless it was opened again */
  async change({ entitlements, ...limits }: LicenseLimits, by: User): Promise<Operation | null> {
    return transaction(async (trx) => {
      await this.lock(trx)
      const activation = await Activation.latestOf(this, trx)
      if (activation && !this.reopenedAt) throw new LicenseFrozen()
      const before = limitsOf(this)
      await this.keep(limits, trx)
      await this.keepEntitlements(entitlements, trx)
      await this.record('license.changed', trx, limitsOf(this), before)
      if (!activation) return null
      return this.issueUnlessClosed({ activation, by }, trx)
    })
  }

  /** Limits may be changed once more, although a host is bound. */
  async reopen(): Promise<void> {
    if (this.reopenedAt) return
    await transaction(async (trx) => {
      await this.keep({ reopenedAt: DateTime.utc() }, trx)
      await this.record('license.reopened', trx)
    })
  }

  /** Goes on until then, under a new document; what was issued before stays in its history. */
  async renew(expiresAt: DateTime, by: User): Promise<Operation | null> {
    if (expiresAt <= this.expiresAt) throw new NotPossibleNow()
    return transaction(async (trx) => {
      await this.lock(trx)
      const before = this.expiresAt
      await LicenseRenewal.create(
        {
          organizationId: this.organizationId,
          licenseId: this.id,
          expiredAt: before,
          expiresAt,
          renewedById: by.id,
        },
        { client: trx }
      )
      await this.keep({ expiresAt }, trx)
      await this.record(
        'license.renewed',
        trx,
        { expiresAt: expiresAt.toISO() },
        { expiresAt: before.toISO() }
      )
      const activation = await Activation.latestOf(this, trx)
      return activation && this.issueUnlessClosed({ activation, by }, trx)
    })
  }

  /** @throws NotPossibleNow when it rests already */
  async suspend(reason: string, by: User): Promise<void> {
    try {
      await transaction(async (trx) => {
        await LicenseSuspension.create(
          {
            organizationId: this.organizationId,
            licenseId: this.id,
            reason,
            suspendedById: by.id,
            openOn: this.id,
          },
          { client: trx }
        )
        await this.record('license.suspended', trx, { reason })
      })
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      throw new NotPossibleNow({}, { cause: error })
    }
  }

  async liftSuspension(by: User): Promise<void> {
    await transaction(async (trx) => {
      const lifted = await trx
        .from('license_suspensions')
        .where('open_on', this.id)
        .update({ open_on: null, lifted_at: sqlTime(DateTime.utc()), lifted_by_id: by.id })
      if (affected(lifted) === 0) throw new NotPossibleNow()
      await this.record('license.suspension_lifted', trx)
    })
  }

  /** For good: its documents stand on the list of what is revoked. @throws NotPossibleNow */
  async revoke(reason: string, by: User): Promise<void> {
    try {
      await transaction(async (trx) => {
        await LicenseRevocation.create(
          {
            organizationId: this.organizationId,
            licenseId: this.id,
            reason,
            revokedById: by.id,
          },
          { client: trx }
        )
        await this.record('license.revoked', trx, { reason })
      })
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      throw new NotPossibleNow({}, { cause: error })
    }
    await RevocationList.refresh()
  }

  /** One that never had a document. @throws LicenseInUse */
  async remove(): Promise<void> {
    await transaction(async (trx) => {
      await this.lock(trx)
      const { total } = await trx
        .from('license_documents')
        .where('license_id', this.id)
        .count('* as total')
        .firstOrFail()
      if (Number(total) > 0 || (await this.openOperation(trx))) {
        throw new LicenseInUse({ documents: Number(total) })
      }
      for (const table of OWNED) await trx.from(table).where('license_id', this.id).delete()
      await trx.from('operations').where('license_id', this.id).delete()
      await this.record('license.deleted', trx, null, limitsOf(this))
      await this.useTransaction(trx).delete()
    })
  }

  /** Returns the token itself, this once; the one before opens nothing any more. */
  async issueToken(): Promise<string> {
    const token = `${TOKEN_PREFIX}${randomBytes(24).toString('base64url')}`
    await transaction(async (trx) => {
      await this.keep({ tokenHash: hashOf(token), tokenHint: token.slice(-4) }, trx)
      await this.record('license.token_issued', trx, { hint: this.tokenHint })
    })
    return token
  }

  async revokeToken(): Promise<void> {
    await transaction(async (trx) => {
      await this.keep({ tokenHash: null, tokenHint: null }, trx)
      await this.record('license.token_revoked', trx)
    })
  }

  /** The document once more, or the first one. @throws NoHostInfo, LicenseClosed, InstanceBusy */
  async issue(by: User | null): Promise<Operation> {
    return transaction(async (trx) => {
      await this.lock(trx)
      await this.ensureOpen(trx)
      const open = await this.openOperation(trx)
      if (open) return open
      const activation = await Activation.latestOf(this, trx)
      if (!activation) throw new NoHostInfo()
      return this.openIssue({ activation, by }, trx)
    })
  }

  /** Tries again what ended without success. */
  repeat(ended: Operation, by: User): Promise<Operation> {
    if (ended.type !== 'license.issue') throw new NotPossibleNow()
    return transaction(async (trx) => {
      await this.lock(trx)
      const activation = await Activation.latestOf(this, trx)
      if (!activation) throw new NoHostInfo()
      return this.openIssue({ activation, by, retryOf: ended }, trx)
    })
  }

  openIssue(
    {
      activation,
      by,
      retryOf,
    }: { activation: Activation; by: User | null; retryOf?: Operation | null },
    trx: TransactionClientContract
  ): Promise<Operation> {
    return Operation.open(
      {
        type: 'license.issue',
        license: this,
        input: { activationId: activation.id },
        requestedBy: by,
        retryOf,
      },
      trx
    )
  }

  async openOperation(trx: TransactionClientContract): Promise<Operation | null> {
    return Operation.query({ client: trx })
      .where('license_id', this.id)
      .whereNotNull('open_on')
      .first()
  }

  get auditSubject(): AuditSubject {
    return { kind: 'license', uid: this.uid, label: this.name }
  }

  private async keep(changes: Partial<LicenseSchema>, trx: TransactionClientContract) {
    Object.assign(this, changes)
    await this.useTransaction(trx).save()
  }

  private async issueUnlessClosed(
    order: { activation: Activation; by: User },
    trx: TransactionClientContract
  ): Promise<Operation | null> {
    try {
      await this.ensureOpen(trx)
    } catch (error) {
      if (error instanceof LicenseClosed) return null
      throw error
    }
    return (await this.openOperation(trx)) ?? this.openIssue(order, trx)
  }

  private async keepEntitlements(facts: EntitlementFacts[], trx: TransactionClientContract) {
    await trx.from('entitlements').where('license_id', this.id).delete()
    if (facts.length === 0) return
    await trx.table('entitlements').multiInsert(
      facts.map(({ name, maximum }) => ({
        organization_id: this.organizationId,
        license_id: this.id,
        name,
        maximum,
      }))
    )
  }

  private record(
    action: AuditAction,
    trx: TransactionClientContract,
    after: Record<string, unknown> | null = null,
    before: Record<string, unknown> | null = null
  ): Promise<void> {
    const { organizationId, auditSubject: subject } = this
    return AuditEvent.record({ action, organizationId, subject, before, after }, trx)
  }
}

/** What goes with a licence that never had a document. */
const OWNED = [
  'license_notices',
  'activations',
  'host_info_uploads',
  'license_renewals',
  'license_revocations',
  'license_suspensions',
  'entitlements',
]

function limitsOf(license: License) {
  const { maxVm, maxImage, maxUser, maxVcpu, maxVmem, maxVdisk } = license
  return { maxVm, maxImage, maxUser, maxVcpu, maxVmem, maxVdisk, graceDays: license.graceDays }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
