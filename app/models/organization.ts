import { DateTime } from 'luxon'
import { beforeCreate, hasMany } from '@adonisjs/lucid/orm'
import type { HasMany } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import string from '@adonisjs/core/helpers/string'
import db from '@adonisjs/lucid/services/db'
import { OrganizationSchema } from '#database/schema'
import { ownedOrganizations } from '#config/quotas'
import {
  NotFound,
  NotPossibleNow,
  OrganizationNotEmpty,
  SlugTaken,
  TooManyOrganizations,
} from '#exceptions/domain_error'
import AuditEvent, { type AuditSubject } from '#models/audit_event'
import BillingKey from '#models/billing_key'
import Instance from '#models/instance'
import Invitation from '#models/invitation'
import License from '#models/license'
import Membership from '#models/membership'
import Operation from '#models/operation'
import Quota from '#models/quota'
import type User from '#models/user'
import { isUniqueViolation } from '#models/concerns/database_errors'
import { keysetPage, type Cursor, type KeysetPage } from '#models/concerns/keyset'
import { newUid } from '#models/concerns/uid'
import type { OrganizationKind, Role } from '#models/types'

const PROVIDER = 'provider'
const PENDING_INVITATIONS = 200

export type OrganizationRow = {
  name: string
  slug: string
  kind: OrganizationKind
  role: Role
  members: number
  instances: number
}

/** The tenant: owns everything a customer can see. */
export default class Organization extends OrganizationSchema {
  @hasMany(() => Membership)
  declare memberships: HasMany<typeof Membership>

  @hasMany(() => Invitation)
  declare invitations: HasMany<typeof Invitation>

  @hasMany(() => Instance)
  declare instances: HasMany<typeof Instance>

  @hasMany(() => License)
  declare licenses: HasMany<typeof License>

  @hasMany(() => Operation)
  declare operations: HasMany<typeof Operation>

  @hasMany(() => Quota)
  declare quotas: HasMany<typeof Quota>

  @hasMany(() => BillingKey)
  declare billingKeys: HasMany<typeof BillingKey>

  @hasMany(() => AuditEvent)
  declare auditEvents: HasMany<typeof AuditEvent>

  @beforeCreate()
  static assignUid(organization: Organization) {
    organization.uid ??= newUid('o')
  }

  /** Makes an organization with its quotas; `owner` becomes its first member. */
  static async found(
    { name, kind, owner }: { name: string; kind: OrganizationKind; owner: User | null },
    trx: TransactionClientContract
  ): Promise<Organization> {
    const uid = newUid('o')
    const organization = await Organization.create(
      {
        uid,
        name,
        kind,
        slug: slugFor(name, uid),
        providerOn: kind === PROVIDER ? PROVIDER : null,
      },
      { client: trx }
    )
    await Quota.allot(organization, trx)
    if (owner) {
      await Membership.create(
        { organizationId: organization.id, userId: owner.id, role: 'owner' },
        { client: trx }
      )
    }
    await AuditEvent.record(
      {
        action: 'organization.created',
        organizationId: organization.id,
        subject: organization.auditSubject,
        after: { name, kind, owner: owner?.email ?? null },
        actor: owner ?? undefined,
      },
      trx
    )
    return organization
  }

  /**
   * A team that a person makes for themselves. Each comes with quotas of its own, hence the limit.
   * @throws TooManyOrganizations
   */
  static async foundTeam(name: string, owner: User): Promise<Organization> {
    return db.transaction(async (trx) => {
      await trx.from('users').where('id', owner.id).forUpdate().select('id').first()
      const owned = await Membership.query({ client: trx })
        .where({ userId: owner.id, role: 'owner' })
        .whereHas('organization', (organization) => organization.where('kind', 'team'))
        .count('* as total')
        .firstOrFail()
      if (Number(owned.$extras.total) >= ownedOrganizations) {
        throw new TooManyOrganizations({ maximum: ownedOrganizations })
      }
      return Organization.found({ name, kind: 'team', owner }, trx)
    })
  }

  /** The provider's own, which owns what belongs to nobody else. Made by whoever needs it first. */
  static async provider(): Promise<Organization> {
    const known = await Organization.findBy('providerOn', PROVIDER)
    if (known) return known
    try {
      return await db.transaction((trx) =>
        Organization.found({ name: 'Provider', kind: PROVIDER, owner: null }, trx)
      )
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      return Organization.findByOrFail('providerOn', PROVIDER)
    }
  }

  /** Where a user belongs, with what is there: plain rows, by name. */
  static async listFor(user: User): Promise<OrganizationRow[]> {
    return db
      .from('organizations')
      .join('memberships', 'memberships.organization_id', 'organizations.id')
      .where('memberships.user_id', user.id)
      .whereNull('organizations.deleted_at')
      .orderBy('organizations.name')
      .orderBy('organizations.id')
      .select('organizations.name', 'organizations.slug', 'organizations.kind', 'memberships.role')
      .select(
        db
          .from('memberships as colleagues')
          .whereColumn('colleagues.organization_id', 'organizations.id')
          .count('*')
          .as('members'),
        db
          .from('instances')
          .whereColumn('instances.organization_id', 'organizations.id')
          .whereNull('instances.deleted_at')
          .count('*')
          .as('instances')
      )
  }

  /** A page of the members, in the order in which they came, with their users. */
  async members(cursor: Cursor, size: number): Promise<KeysetPage<Membership>> {
    const query = Membership.query().where('organizationId', this.id).preload('user')
    const order = { columns: ['id'], descending: false, keyOf: ({ id }: Membership) => [id] }
    return keysetPage(query, order, cursor, size, (narrowed) => narrowed)
  }

  /** @throws E_ROW_NOT_FOUND */
  async member(uid: string): Promise<Membership> {
    return Membership.query()
      .where('organizationId', this.id)
      .where('uid', uid)
      .preload('user')
      .firstOrFail()
  }

  /** @throws E_ROW_NOT_FOUND */
  async invitation(uid: string): Promise<Invitation> {
    return Invitation.query().where('organizationId', this.id).where('uid', uid).firstOrFail()
  }

  /** Not accepted and not revoked; the expired ones can be sent again. */
  async pendingInvitations(): Promise<Invitation[]> {
    return Invitation.query()
      .where('organizationId', this.id)
      .whereNotNull('open_email')
      .preload('invitedBy')
      .orderBy('id', 'desc')
      .limit(PENDING_INVITATIONS)
  }

  get auditSubject(): AuditSubject {
    return { kind: 'organization', uid: this.uid, label: this.name }
  }

  /**
   * What concerns its members waits here for what another request does to them: only so can the last owner
   * stay the last one. @throws NotFound when it was deleted meanwhile
   */
  async lock(trx: TransactionClientContract): Promise<void> {
    const row = await trx
      .from('organizations')
      .where('id', this.id)
      .whereNull('deleted_at')
      .forUpdate()
      .select('id')
      .first()
    if (!row) throw new NotFound()
  }

  /** @throws SlugTaken */
  async change({ name, slug }: { name: string; slug: string }): Promise<void> {
    const before = { name: this.name, slug: this.slug }
    this.name = name
    this.slug = slug
    if (!this.$isDirty) return
    try {
      await db.transaction(async (trx) => {
        await this.useTransaction(trx).save()
        await AuditEvent.record(
          {
            action: 'organization.changed',
            organizationId: this.id,
            subject: this.auditSubject,
            before,
            after: { name, slug },
          },
          trx
        )
      })
    } catch (error) {
      Object.assign(this, before)
      if (!isUniqueViolation(error)) throw error
      throw new SlugTaken({ slug }, { cause: error })
    }
  }

  get isDeletable(): boolean {
    return this.kind === 'team'
  }

  /** What has to go first. */
  async livingInstances(trx?: TransactionClientContract): Promise<number> {
    const row = await Instance.query({ client: trx })
      .where('organization_id', this.id)
      .whereNull('deleted_at')
      .count('* as total')
      .firstOrFail()
    return Number(row.$extras.total)
  }

  /**
   * Ends an empty organization: nobody is its member any more and its slug is free, but the row stays, and
   * with it what happened here.
   * @throws OrganizationNotEmpty, NotPossibleNow for one that is nobody's team
   */
  async dissolve(): Promise<void> {
    if (!this.isDeletable) throw new NotPossibleNow()
    await db.transaction(async (trx) => {
      await this.lock(trx)
      // An order that is under way holds these rows; the next one finds that nothing is allowed any more.
      await Quota.query({ client: trx }).where('organization_id', this.id).update({ maximum: 0 })
      const instances = await this.livingInstances(trx)
      const [held] = await trx
        .from('licenses')
        .where('organization_id', this.id)
        .count('* as total')
      const licenses = Number(held.total)
      if (instances + licenses > 0) throw new OrganizationNotEmpty({ instances, licenses })
      const before = { name: this.name, slug: this.slug }
      this.slug = this.uid
      this.deletedAt = DateTime.utc()
      await this.useTransaction(trx).save()
      await trx.from('memberships').where('organization_id', this.id).delete()
      await trx.from('invitations').where('organization_id', this.id).delete()
      await AuditEvent.record(
        {
          action: 'organization.deleted',
          organizationId: this.id,
          subject: this.auditSubject,
          before,
        },
        trx
      )
    })
  }
}

/** Readable, and unique without asking: a part of the uid makes it so. */
function slugFor(name: string, uid: string): string {
  const readable = string.slug(name, { lower: true, strict: true }).slice(0, 24).replace(/-$/, '')
  return `${readable || 'org'}-${uid.slice(1, 7)}`
}
