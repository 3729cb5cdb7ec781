import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { DateTime } from 'luxon'
import { beforeCreate, belongsTo, manyToMany } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import db from '@adonisjs/lucid/services/db'
import type { BelongsTo, ManyToMany } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { isAllowedFrom } from '#addressing/allowed'
import { BillingKeySchema } from '#database/schema'
import { NotPossibleNow } from '#exceptions/domain_error'
import AuditEvent, { type AuditSubject } from '#models/audit_event'
import Cluster from '#models/cluster'
import type { OfferBounds } from '#models/offer'
import Organization from '#models/organization'
import Plan from '#models/plan'
import type User from '#models/user'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { aliased, unaliased } from '#models/concerns/joined'
import { affected, sqlTime } from '#models/concerns/sql'
import { Tenant } from '#models/concerns/tenant'
import { transaction } from '#models/concerns/transaction'
import { newUid } from '#models/concerns/uid'
import type { AuditAction } from '#models/types'

const MARK = 'pbk_'
const PREFIX_LENGTH = 12
/** What an unknown prefix is compared with, so that it takes as long as a known one. */
const NOBODY = Buffer.alloc(32)

const CLUSTER_IDS = `(select group_concat(billing_key_clusters.cluster_id) from billing_key_clusters
  where billing_key_clusters.billing_key_id = billing_keys.id) as cluster_ids`

export type BillingKeyOrder = {
  name: string
  /** Addresses and CIDRs; empty: any. */
  allowedAddresses: string[]
  allowsFreeSizes: boolean
  /** Empty: whatever is offered. */
  plans: Plan[]
  clusters: Cluster[]
  expiresAt: DateTime | null
}

/** Why a key opens nothing; the caller is told none of it. */
export type BillingKeyRefusal = 'unknown' | 'revoked' | 'expired' | 'address'

/** What a billing system calls with, in the name of an organization. Shown once, kept as a hash. */
export default class BillingKey extends compose(BillingKeySchema, BelongsToOrganization) {
  @belongsTo(() => Organization)
  declare organization: BelongsTo<typeof Organization>

  @manyToMany(() => Plan, { pivotTable: 'billing_key_plans' })
  declare plans: ManyToMany<typeof Plan>

  @manyToMany(() => Cluster, { pivotTable: 'billing_key_clusters' })
  declare clusters: ManyToMany<typeof Cluster>

  @beforeCreate()
  static assignUid(key: BillingKey) {
    key.uid ??= newUid('k')
  }

  /** Newest first, with what each may order. */
  static listOf(organization: Organization): Promise<BillingKey[]> {
    return organization
      .related('billingKeys')
      .query()
      .preload('plans')
      .preload('clusters')
      .orderBy('id', 'desc')
  }

  /** With what it may order. @throws E_ROW_NOT_FOUND */
  static of(organization: Organization, uid: string): Promise<BillingKey> {
    return organization
      .related('billingKeys')
      .query()
      .where('uid', uid)
      .preload('plans')
      .preload('clusters')
      .firstOrFail()
  }

  /** @returns the key itself, this once */
  static async issue(
    organization: Organization,
    order: BillingKeyOrder,
    by: User
  ): Promise<string> {
    return transaction((trx) => BillingKey.write(organization.id, order, by, trx))
  }

  /** Whoever calls with it, from there; or why not. A wrong one takes as long as any other, however near it comes. */
  static async authenticate(
    value: string,
    address: string
  ): Promise<{ key: BillingKey } | { refusal: BillingKeyRefusal }> {
    const key = await Tenant.system('find a billing key by its prefix', () =>
      BillingKey.withPrefix(value.slice(0, PREFIX_LENGTH))
    )
    const kept = key ? Buffer.from(key.keyHash, 'hex') : NOBODY
    const isSame = timingSafeEqual(createHash('sha256').update(value).digest(), kept)
    if (!key || !isSame) return { refusal: 'unknown' }
    if (key.organization.deletedAt) return { refusal: 'unknown' }
    if (key.revokedAt) return { refusal: 'revoked' }
    if (key.isExpired) return { refusal: 'expired' }
    if (!isAllowedFrom(address, key.allowedAddresses)) return { refusal: 'address' }
    return { key }
  }

  /** With its organization and what it reaches. One statement, because every call of a billing system begins with it. */
  private static async withPrefix(prefix: string): Promise<BillingKey | null> {
    const key = await BillingKey.query()
      .join('organizations', 'organizations.id', 'billing_keys.organization_id')
      .where('billing_keys.prefix', prefix)
      .select('billing_keys.*')
      .select(db.raw(`${aliased(Organization, 'its_organization_')}, ${CLUSTER_IDS}`))
      .first()
    if (!key) return null
    const organization = unaliased(key.$extras, Organization, 'its_organization_')
    key.$setRelated(
      'organization',
      Organization.$createFromAdapterResult(organization) as Organization
    )
    return key
  }

  /** What it may choose from. */
  static async boundsOf(key: BillingKey): Promise<OfferBounds> {
    await key.load('plans')
    return { clusterIds: key.clusterIds, planIds: idsOf(key.plans) }
  }

  /** Remembers that it was used, once a minute at most. */
  async touch(address: string): Promise<void> {
    const minuteAgo = DateTime.utc().minus({ minutes: 1 })
    if (this.lastUsedAt && this.lastUsedAt > minuteAgo && this.lastUsedFrom === address) return
    await BillingKey.query()
      .where('id', this.id)
      .update({ last_used_at: sqlTime(DateTime.utc()), last_used_from: address })
  }

  /**
   * A key in its place that may do the same; this one goes on for as long as the billing system needs to be
   * told.
   * @returns the new key itself, this once
   * @throws NotPossibleNow when it is revoked or has expired
   */
  async rotate(overlapHours: number, by: User): Promise<string> {
    if (this.revokedAt || this.isExpired) throw new NotPossibleNow()
    return transaction(async (trx) => {
      const end = DateTime.utc().plus({ hours: overlapHours })
      const { name, allowedAddresses, allowsFreeSizes, plans, clusters, expiresAt } = this
      const value = await BillingKey.write(
        this.organizationId,
        { name, allowedAddresses, allowsFreeSizes, plans, clusters, expiresAt },
        by,
        trx
      )
      const ended = await BillingKey.query({ client: trx })
        .where('id', this.id)
        .whereNull('revoked_at')
        .update({ expires_at: sqlTime(end) })
      if (affected(ended) === 0) throw new NotPossibleNow()
      await this.record('billing_key.rotated', { overlap_hours: overlapHours }, trx)
      return value
    })
  }

  /** At once. Revoking again changes nothing. */
  async revoke(): Promise<void> {
    await transaction(async (trx) => {
      const revoked = await BillingKey.query({ client: trx })
        .where('id', this.id)
        .whereNull('revoked_at')
        .update({ revoked_at: sqlTime(DateTime.utc()) })
      if (affected(revoked) > 0) await this.record('billing_key.revoked', null, trx)
    })
  }

  get isExpired(): boolean {
    return this.expiresAt !== null && this.expiresAt <= DateTime.utc()
  }

  /** Whether it opens anything. */
  get isLive(): boolean {
    return this.revokedAt === null && !this.isExpired
  }

  /** What it reaches; null: every cluster. Only of one that was authenticated. */
  get clusterIds(): number[] | null {
    const ids: string | null = this.$extras.cluster_ids
    return ids === null ? null : ids.split(',').map(Number)
  }

  /** How the audit names it. */
  get label(): string {
    return `${this.name} (${this.prefix}…)`
  }

  get auditSubject(): AuditSubject {
    return { kind: 'billing_key', uid: this.uid, label: this.label }
  }

  private static async write(
    organizationId: number,
    order: BillingKeyOrder,
    by: User,
    trx: TransactionClientContract
  ): Promise<string> {
    const value = `${MARK}${randomBytes(32).toString('base64url')}`
    const key = await BillingKey.create(
      {
        organizationId,
        name: order.name,
        prefix: value.slice(0, PREFIX_LENGTH),
        keyHash: createHash('sha256').update(value).digest('hex'),
        allowedAddresses: order.allowedAddresses,
        allowsFreeSizes: order.allowsFreeSizes,
        expiresAt: order.expiresAt,
        createdById: by.id,
      },
      { client: trx }
    )
    await key.related('plans').attach(order.plans.map(({ id }) => id))
    await key.related('clusters').attach(order.clusters.map(({ id }) => id))
    await key.record(
      'billing_key.created',
      {
        name: key.name,
        allowed_addresses: key.allowedAddresses,
        allows_free_sizes: key.allowsFreeSizes,
        plans: order.plans.map(({ name }) => name),
        clusters: order.clusters.map(({ name }) => name),
        expires_at: key.expiresAt?.toISO() ?? null,
      },
      trx
    )
    return value
  }

  private record(
    action: AuditAction,
    after: Record<string, unknown> | null,
    trx: TransactionClientContract
  ): Promise<void> {
    const { organizationId, auditSubject: subject } = this
    return AuditEvent.record({ action, organizationId, subject, after }, trx)
  }
}

/** None stands for all. */
function idsOf(rows: { id: number }[]): number[] | null {
  return rows.length > 0 ? rows.map(({ id }) => id) : null
}
