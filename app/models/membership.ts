import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import db from '@adonisjs/lucid/services/db'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { MembershipSchema } from '#database/schema'
import Organization from '#models/organization'
import User from '#models/user'
import { newUid } from '#models/concerns/uid'
import { ROLES, type Role } from '#models/types'

const MEMBERSHIP_COLUMNS = [
  'id',
  'uid',
  'user_id',
  'organization_id',
  'role',
  'created_at',
  'updated_at',
] as const

export type SwitcherRow = { name: string; slug: string; role: Role; running_operations: number }

/** A user in an organization, with a role. */
export default class Membership extends MembershipSchema {
  @belongsTo(() => Organization)
  declare organization: BelongsTo<typeof Organization>

  @belongsTo(() => User)
  declare user: BelongsTo<typeof User>

  @beforeCreate()
  static assignUid(membership: Membership) {
    membership.uid ??= newUid('m')
  }

  /**
   * The user's membership in the living organization of that slug, with the organization; null for a
   * stranger. One query, because every page of a customer begins with it.
   */
  static async of(userId: number, slug: string): Promise<Membership | null> {
    const organization = await Organization.query()
      .join('memberships', 'memberships.organization_id', 'organizations.id')
      .where('memberships.user_id', userId)
      .where('organizations.slug', slug)
      .whereNull('organizations.deleted_at')
      .select('organizations.*')
      .select(MEMBERSHIP_COLUMNS.map((column) => `memberships.${column} as member_${column}`))
      .first()
    return organization && fromJoin(organization)
  }

  /**
   * Where this user belongs, by name, and how many operations run in the current organization.
   * One query: it is asked for by every page.
   */
  static async switcher(userId: number, currentId: number | null): Promise<SwitcherRow[]> {
    return db
      .from('memberships')
      .join('organizations', 'organizations.id', 'memberships.organization_id')
      .where('memberships.user_id', userId)
      .whereNull('organizations.deleted_at')
      .orderBy('organizations.name')
      .select('organizations.name', 'organizations.slug', 'memberships.role')
      .select(
        db
          .from('operations')
          .where('operations.organization_id', currentId ?? 0)
          .whereIn('operations.state', ['queued', 'running', 'compensating'])
          .whereNotNull('operations.open_on')
          .count('*')
          .as('running_operations')
      )
  }

  /** This role or a higher one. */
  isAtLeast(role: Role): boolean {
    return ROLES.indexOf(this.role) >= ROLES.indexOf(role)
  }
}

function fromJoin(organization: Organization): Membership {
  const membership = Membership.$createFromAdapterResult(
    Object.fromEntries(
      MEMBERSHIP_COLUMNS.map((column) => [column, organization.$extras[`member_${column}`]])
    )
  )!
  membership.$setRelated('organization', organization)
  return membership
}
