import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { MembershipSchema } from '#database/schema'
import Organization from '#models/organization'
import User from '#models/user'
import { newUid } from '#models/concerns/uid'
import { ROLES, type Role } from '#models/types'

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

  /** The user's membership in the organization of that slug, with the organization; null for a stranger. */
  static async of(userId: number, slug: string): Promise<Membership | null> {
    const organization = await Organization.query()
      .where('slug', slug)
      .whereHas('memberships', (memberships) => memberships.where('user_id', userId))
      .preload('memberships', (memberships) => memberships.where('user_id', userId))
      .first()
    const membership = organization?.memberships[0]
    if (!organization || !membership) return null
    membership.$setRelated('organization', organization)
    return membership
  }

  /** This role or a higher one. */
  isAtLeast(role: Role): boolean {
    return ROLES.indexOf(this.role) >= ROLES.indexOf(role)
  }
}
