import { beforeCreate, beforeSave, computed, hasMany } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import hash from '@adonisjs/core/services/hash'
import { withAuthFinder } from '@adonisjs/auth/mixins/lucid'
import { DbAccessTokensProvider } from '@adonisjs/auth/access_tokens'
import type { HasMany } from '@adonisjs/lucid/types/relations'
import { UserSchema } from '#database/schema'
import Membership from '#models/membership'
import { newUid } from '#models/concerns/uid'
import { STAFF_ROLES, type StaffRole } from '#models/types'

const AuthFinder = withAuthFinder(() => hash.use('scrypt'), {
  uids: ['email'],
  passwordColumnName: 'password',
})

/** A person who signs in. */
export default class User extends compose(UserSchema, AuthFinder) {
  static accessTokens = DbAccessTokensProvider.forModel(User, { prefix: 'ptc_' })

  @hasMany(() => Membership)
  declare memberships: HasMany<typeof Membership>

  @beforeCreate()
  static assignUid(user: User) {
    user.uid ??= newUid('u')
  }

  @beforeSave()
  static normalizeEmail(user: User) {
    user.email = normalizeEmail(user.email)
  }

  @computed()
  get displayName(): string {
    return this.fullName ?? this.email
  }

  get isStaff(): boolean {
    return this.staffRole !== null && this.disabledAt === null
  }

  /** Staff of this rank or a higher one. */
  isStaffOf(role: StaffRole): boolean {
    return (
      this.isStaff && STAFF_ROLES.indexOf(this.staffRole as StaffRole) >= STAFF_ROLES.indexOf(role)
    )
  }
}

export function normalizeEmail(email: string): string {
  return email.trim().toLowerCase()
}
