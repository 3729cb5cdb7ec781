import { randomBytes } from 'node:crypto'
import { DateTime } from 'luxon'
import { beforeCreate, beforeSave, computed, hasMany } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import hash from '@adonisjs/core/services/hash'
import db from '@adonisjs/lucid/services/db'
import { errors } from '@adonisjs/auth'
import type { AccessToken } from '@adonisjs/auth/access_tokens'
import { withAuthFinder } from '@adonisjs/auth/mixins/lucid'
import type { HasMany } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { UserSchema } from '#database/schema'
import AuditEvent, { type AuditSubject } from '#models/audit_event'
import Authenticator from '#models/authenticator'
import Membership from '#models/membership'
import Organization from '#models/organization'
import Passkey from '#models/passkey'
import RecoveryCode from '#models/recovery_code'
import UserSession from '#models/user_session'
import { ApiTokens } from '#models/concerns/api_tokens'
import type { Facts } from '#models/concerns/audit_changes'
import { normalizeEmail } from '#models/concerns/email'
import { newUid } from '#models/concerns/uid'
import { STAFF_ROLES, type AuditAction, type StaffRole } from '#models/types'

const AuthFinder = withAuthFinder(() => hash.use('scrypt'), {
  uids: ['email', 'username'],
  passwordColumnName: 'password',
})

export type Enrolment = {
  email: string
  /** What they sign in with beside the address. */
  username?: string | null
  password: string
  fullName?: string | null
  /** Of the personal organization; else the person's name. */
  organizationName?: string | null
  locale: string
  timeZone: string
  staffRole?: StaffRole | null
  /** Proven otherwise than by the link of sign-up. */
  isVerified?: boolean
}

/** A person who signs in. */
export default class User extends compose(UserSchema, AuthFinder) {
  static accessTokens = new ApiTokens<typeof User>({ tokenableModel: User, prefix: 'ptc_' })

  /** Where somebody signed in over the API; the program holds them inside a signed token. */
  static apiLogins = new ApiTokens<typeof User>({
    tokenableModel: User,
    prefix: 'ptl_',
    type: 'login',
  })

  @hasMany(() => Membership)
  declare memberships: HasMany<typeof Membership>

  @hasMany(() => UserSession)
  declare sessions: HasMany<typeof UserSession>

  @hasMany(() => Passkey)
  declare passkeys: HasMany<typeof Passkey>

  @hasMany(() => RecoveryCode)
  declare recoveryCodes: HasMany<typeof RecoveryCode>

  /** By which of their sessions this person is signed in, in this request. */
  currentSession: UserSession | null = null

  /** … or by which token their program is. */
  declare currentAccessToken?: AccessToken

  readonly authenticator = new Authenticator(this)

  @beforeCreate()
  static assignUid(user: User) {
    user.uid ??= newUid('u')
  }

  @beforeSave()
  static normalizeEmail(user: User) {
    user.email = normalizeEmail(user.email)
  }

  static findByEmail(email: string): Promise<User | null> {
    return User.findBy('email', normalizeEmail(email))
  }

  /** Whose e-mail or username and password these are; null takes as long as an answer. */
  static async withCredentials(email: string, password: string): Promise<User | null> {
    try {
      const user = await User.verifyCredentials(normalizeEmail(email), password)
      if (hash.use('scrypt').needsReHash(user.password)) await user.merge({ password }).save()
      return user
    } catch (error) {
      if (error instanceof errors.E_INVALID_CREDENTIALS) return null
      throw error
    }
  }

  /** A new person with an organization of their own. A taken address violates the unique key. */
  static async enrol(order: Enrolment, trx: TransactionClientContract): Promise<User> {
    const email = normalizeEmail(order.email)
    const user = await User.create(
      {
        email,
        username: order.username ?? null,
        password: order.password,
        fullName: order.fullName ?? null,
        locale: order.locale,
        timeZone: order.timeZone,
        staffRole: order.staffRole ?? null,
        emailVerifiedAt: order.isVerified ? DateTime.utc() : null,
      },
      { client: trx }
    )
    const name = order.organizationName ?? order.fullName ?? email.split('@')[0]!
    await Organization.found({ name: name.slice(0, 80), kind: 'personal', owner: user }, trx)
    return user
  }

  /** For an account whose owner has not chosen a password yet: nobody knows this one. */
  static unknownPassword(): string {
    return randomBytes(32).toString('base64url')
  }

  @computed()
  get displayName(): string {
    return this.fullName ?? this.email
  }

  get auditSubject(): AuditSubject {
    return { kind: 'user', uid: this.uid, label: this.email }
  }

  get isDisabled(): boolean {
    return Boolean(this.disabledAt)
  }

  /** Their address is proven, and no other one waits to be. */
  get isVerified(): boolean {
    return Boolean(this.emailVerifiedAt) && !this.newEmail
  }

  get isStaff(): boolean {
    return Boolean(this.staffRole) && !this.isDisabled
  }

  /** Staff of this rank or a higher one. */
  isStaffOf(role: StaffRole): boolean {
    return (
      this.isStaff && STAFF_ROLES.indexOf(this.staffRole as StaffRole) >= STAFF_ROLES.indexOf(role)
    )
  }

  /** Whether the password alone does not open: there is an authenticator app, or a passkey. */
  async hasSecondFactor(): Promise<boolean> {
    return this.authenticator.isOn || (await Passkey.findBy('userId', this.id)) !== null
  }

  async changeProfile(profile: Pick<User, 'fullName' | 'locale' | 'timeZone'>): Promise<void> {
    const { fullName, locale, timeZone } = this
    Object.assign(this, profile)
    if (!this.$isDirty) return
    await db.transaction(async (trx) => {
      await this.useTransaction(trx).save()
      await this.#record('user.profile_changed', trx, {
        before: { fullName, locale, timeZone },
        after: profile,
      })
    })
  }

  /** Whether they are told when a token of theirs ends soon. */
  async changeTokenMails(tokenMails: boolean): Promise<void> {
    if (this.tokenMails === tokenMails) return
    await db.transaction(async (trx) => {
      this.tokenMails = tokenMails
      await this.useTransaction(trx).save()
      const before = { tokenMails: !tokenMails }
      await this.#record('user.profile_changed', trx, { before, after: { tokenMails } })
    })
  }

  /** Newest first. */
  async openSessions(): Promise<UserSession[]> {
    const sessions = await UserSession.query()
      .where('user_id', this.id)
      .whereNull('ended_at')
      .orderBy('last_seen_at', 'desc')
    return sessions.filter((session) => session.isOpen)
  }

  async endSession(uid: string): Promise<void> {
    const session = await UserSession.query().where({ user_id: this.id, uid }).firstOrFail()
    await session.end()
    await this.#record('user.session_ended', undefined, { before: { address: session.ipAddress } })
  }

  async endOtherSessions(): Promise<void> {
    await UserSession.endAllOf(this, this.currentSession)
    await this.#record('user.other_sessions_ended')
  }

  /** Signs them out everywhere, at once. */
  async disable(): Promise<void> {
    if (this.isDisabled) return
    await db.transaction(async (trx) => {
      this.disabledAt = DateTime.utc()
      await this.useTransaction(trx).save()
      await UserSession.endAllOf(this, null, trx)
      await this.#record('user.disabled', trx)
    })
  }

  async enable(): Promise<void> {
    if (!this.isDisabled) return
    await db.transaction(async (trx) => {
      this.disabledAt = null
      await this.useTransaction(trx).save()
      await this.#record('user.enabled', trx)
    })
  }

  /** By staff, for somebody who lost a device. */
  async endAllSessions(): Promise<void> {
    await db.transaction(async (trx) => {
      await UserSession.endAllOf(this, null, trx)
      await this.#record('user.sessions_ended', trx)
    })
  }

  async setStaffRole(role: StaffRole | null): Promise<void> {
    const before = { staff_role: this.staffRole }
    if (before.staff_role === role) return
    await db.transaction(async (trx) => {
      this.staffRole = role
      await this.useTransaction(trx).save()
      await this.#record('user.staff_role_changed', trx, { before, after: { staff_role: role } })
    })
  }

  #record(
    action: AuditAction,
    trx?: TransactionClientContract,
    change: { before?: Facts; after?: Facts } = {}
  ): Promise<void> {
    const subject = this.auditSubject
    return AuditEvent.record({ action, organizationId: null, subject, ...change }, trx)
  }
}
