import { beforeCreate, hasMany } from '@adonisjs/lucid/orm'
import type { HasMany } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import string from '@adonisjs/core/helpers/string'
import { OrganizationSchema } from '#database/schema'
import Instance from '#models/instance'
import Invitation from '#models/invitation'
import Membership from '#models/membership'
import Operation from '#models/operation'
import Quota from '#models/quota'
import type User from '#models/user'
import { newUid } from '#models/concerns/uid'
import type { OrganizationKind } from '#models/types'

/** The tenant: owns everything a customer can see. */
export default class Organization extends OrganizationSchema {
  @hasMany(() => Membership)
  declare memberships: HasMany<typeof Membership>

  @hasMany(() => Invitation)
  declare invitations: HasMany<typeof Invitation>

  @hasMany(() => Instance)
  declare instances: HasMany<typeof Instance>

  @hasMany(() => Operation)
  declare operations: HasMany<typeof Operation>

  @hasMany(() => Quota)
  declare quotas: HasMany<typeof Quota>

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
        slug: `${string.slug(name, { lower: true, strict: true }).slice(0, 24) || 'org'}-${uid.slice(1, 7)}`,
        providerOn: kind === 'provider' ? 'provider' : null,
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
    return organization
  }
}
