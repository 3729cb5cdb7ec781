import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import db from '@adonisjs/lucid/services/db'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { MembershipSchema } from '#database/schema'
import { LastOwner, NotFound } from '#exceptions/domain_error'
import AuditEvent from '#models/audit_event'
import { WORKING_STATES } from '#models/operation'
import Organization from '#models/organization'
import User from '#models/user'
import { newUid } from '#models/concerns/uid'
import { ROLES, type AuditAction, type Role, type StaffRole } from '#models/types'

const COLUMNS = [
  'id',
  'uid',
  'user_id',
  'organization_id',
  'role',
  'created_at',
  'updated_at',
] as const

/** As what staff act in an organization they do not belong to. */
const STAND_INS: Record<StaffRole, Role> = { viewer: 'viewer', operator: 'admin', admin: 'owner' }

/** `running_operations` is told of the current organization only. */
export type SwitcherRow = { name: string; slug: string; role: Role; running_operations: number }

/** A user in an organization, with a role. */
export default class Membership extends MembershipSchema {
  @belongsTo(() => Organization)
  declare organization: BelongsTo<typeof Organization>

  @belongsTo(() => User)
  declare user: BelongsTo<typeof User>

  /** Whether something is offered to the organization, as far as it was read with the membership. */
  isOffered = true

  @beforeCreate()
  static assignUid(membership: Membership) {
    membership.uid ??= newUid('m')
  }

  /** The user's membership in the living organization of that slug, with the organization; null for a stranger. */
  static async of(userId: number, slug: string): Promise<Membership | null> {
    const { membership } = await this.around(userId, slug)
    return membership
  }

  /**
   * The same, and where else the user belongs. One query for both, because every page of a customer begins
   * with the one and shows the other.
   */
  static async around(
    userId: number,
    slug: string
  ): Promise<{ membership: Membership | null; all: SwitcherRow[] }> {
    const organizations = await Organization.query()
      .join('memberships', 'memberships.organization_id', 'organizations.id')
      .where('memberships.user_id', userId)
      .whereNull('organizations.deleted_at')
      .orderBy('organizations.name')
      .select('organizations.*')
      .select(COLUMNS.map((column) => `memberships.${column} as member_${column}`))
      .select(
        db
          .from('operations')
          .whereColumn('operations.organization_id', 'organizations.id')
          .where('organizations.slug', slug)
          .whereIn('operations.state', [...WORKING_STATES])
          .count('*')
          .as('running_operations')
      )
      .select(
        db
          .from('transfers')
          .whereColumn('transfers.to_organization_id', 'organizations.id')
          .where('organizations.slug', slug)
          .whereNotNull('transfers.open_on')
          .count('*')
          .as('transfers_offered')
      )
    const current = organizations.find((organization) => organization.slug === slug)
    return {
      membership: current ? fromJoin(current) : null,
      all: organizations.map(({ name, slug: its, $extras }) => ({
        name,
        slug: its,
        role: $extras.member_role,
        running_operations: its === slug ? Number($extras.running_operations) : 0,
      })),
    }
  }

  /** Where this user belongs, by name. */
  static async switcher(userId: number): Promise<SwitcherRow[]> {
    return db
      .from('memberships')
      .join('organizations', 'organizations.id', 'memberships.organization_id')
      .where('memberships.user_id', userId)
      .whereNull('organizations.deleted_at')
      .orderBy('organizations.name')
      .select('organizations.name', 'organizations.slug', 'memberships.role')
      .select(db.raw('0 as running_operations'))
  }

  /** A membership that stands in no table: staff who work for the organization. */
  static ofStaff(user: User, organization: Organization): Membership {
    const membership = new Membership()
    membership.merge({
      userId: user.id,
      organizationId: organization.id,
      role: standInRole(user.staffRole!),
    })
    membership.$setRelated('organization', organization)
    membership.$setRelated('user', user)
    return membership
  }

  /** Another one: of a billing system's customer, who has no account, runs one instance and orders nothing. */
  static ofVisit(organization: Organization): Membership {
    const membership = new Membership()
    membership.merge({ organizationId: organization.id, role: 'operator' })
    membership.$setRelated('organization', organization)
    membership.$setRelated('user', new User().merge({ staffRole: null }))
    return membership
  }

  /** This role or a higher one. */
  isAtLeast(role: Role): boolean {
    return isAtLeast(this.role, role)
  }

  /** @throws LastOwner; needs `user` */
  async changeRole(role: Role): Promise<void> {
    await this.guarded(role, async (trx, before) => {
      this.role = role
      await this.useTransaction(trx).save()
      await this.record('member.role_changed', { role: before }, { role }, trx)
    })
  }

  /** Ends it: somebody removed the member, or they left. @throws LastOwner; needs `user` */
  async end(action: 'member.removed' | 'member.left'): Promise<void> {
    await this.guarded(null, async (trx, before) => {
      await this.useTransaction(trx).delete()
      await this.record(action, { role: before }, null, trx)
    })
  }

  /** Does the change while nobody else can change members, and not if it takes the last owner away. */
  private async guarded(
    next: Role | null,
    change: (trx: TransactionClientContract, before: Role) => Promise<void>
  ): Promise<void> {
    await db.transaction(async (trx) => {
      await trx.from('organizations').where('id', this.organizationId).forUpdate().first()
      const members: { id: number; role: Role }[] = await trx
        .from('memberships')
        .where('organization_id', this.organizationId)
        .forUpdate()
        .select('id', 'role')
      const before = members.find(({ id }) => id === this.id)?.role
      if (!before) throw new NotFound()
      const otherOwners = members.filter(({ id, role }) => role === 'owner' && id !== this.id)
      if (before === 'owner' && next !== 'owner' && otherOwners.length === 0) throw new LastOwner()
      await change(trx, before)
    })
  }

  private record(
    action: AuditAction,
    before: { role: Role },
    after: { role: Role } | null,
    trx: TransactionClientContract
  ): Promise<void> {
    return AuditEvent.record(
      {
        action,
        organizationId: this.organizationId,
        subject: { kind: 'member', uid: this.uid, label: this.user.email },
        before,
        after,
      },
      trx
    )
  }
}

/** What staff of this role act as. */
export function standInRole(staffRole: StaffRole): Role {
  return STAND_INS[staffRole]
}

export function isAtLeast(role: Role, wanted: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(wanted)
}

function fromJoin(organization: Organization): Membership {
  const membership = Membership.$createFromAdapterResult(
    Object.fromEntries(COLUMNS.map((column) => [column, organization.$extras[`member_${column}`]]))
  )!
  membership.$setRelated('organization', organization)
  membership.isOffered = Number(organization.$extras.transfers_offered) > 0
  return membership
}
