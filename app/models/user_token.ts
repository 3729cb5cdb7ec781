import { createHash, randomBytes } from 'node:crypto'
import { DateTime } from 'luxon'
import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { UserTokenSchema } from '#database/schema'
import { LinkExpired } from '#exceptions/domain_error'
import User from '#models/user'
import { isUniqueViolation } from '#models/concerns/database_errors'
import { affected, sqlTime } from '#models/concerns/sql'
import type { LinkPurpose } from '#models/types'

export const LINK_HOURS: Record<LinkPurpose, number> = {
  verify_email: 48,
  change_email: 24,
  reset_password: 2,
  first_admin: 24,
}

const FIRST_ADMIN = 'first_admin'

/** A one-time link on its way. The link itself is known to its reader alone; here is its hash. */
export default class UserToken extends UserTokenSchema {
  @belongsTo(() => User)
  declare user: BelongsTo<typeof User>

  /** A new link; earlier ones of this person and purpose are void from now on. Returns its secret part. */
  static async issue(
    user: User,
    purpose: Exclude<LinkPurpose, 'first_admin'>,
    trx: TransactionClientContract,
    { email = null, hours = LINK_HOURS[purpose] }: { email?: string | null; hours?: number } = {}
  ): Promise<string> {
    await UserToken.revoke(user, purpose, trx)
    const secret = newSecret()
    await UserToken.create(
      {
        userId: user.id,
        purpose,
        email,
        hash: hashed(secret),
        expiresAt: DateTime.utc().plus({ hours }),
      },
      { client: trx }
    )
    return secret
  }

  /**
   * The link by which the first administrator comes in, or null when one is out already: of many processes
   * that start together one gets it.
   */
  static async issueForFirstAdmin(): Promise<string | null> {
    const secret = newSecret()
    await UserToken.query()
      .where('only_on', FIRST_ADMIN)
      .where('expires_at', '<', sqlTime(DateTime.utc()))
      .delete()
    try {
      await UserToken.create({
        purpose: 'first_admin',
        onlyOn: FIRST_ADMIN,
        hash: hashed(secret),
        expiresAt: DateTime.utc().plus({ hours: LINK_HOURS.first_admin }),
      })
      return secret
    } catch (error) {
      if (isUniqueViolation(error)) return null
      throw error
    }
  }

  static async revoke(
    user: User,
    purpose: LinkPurpose,
    trx: TransactionClientContract
  ): Promise<void> {
    await UserToken.query({ client: trx })
      .where({ user_id: user.id, purpose })
      .whereNull('used_at')
      .delete()
  }

  /** @throws LinkExpired when it was used, has expired, was replaced, or never was */
  static async findValid(secret: string, purpose: LinkPurpose): Promise<UserToken> {
    const token = await UserToken.query()
      .where({ hash: hashed(secret), purpose })
      .whereNull('used_at')
      .where('expires_at', '>', sqlTime(DateTime.utc()))
      .preload('user')
      .first()
    if (!token || token.user?.isDisabled) throw new LinkExpired()
    return token
  }

  static async forgetExpired(): Promise<void> {
    await UserToken.query()
      .where('expires_at', '<', sqlTime(DateTime.utc().minus({ days: 7 })))
      .delete()
  }

  /** Of two who follow it at the same moment one gets in. @throws LinkExpired for the other */
  async use(trx: TransactionClientContract): Promise<void> {
    const used = await UserToken.query({ client: trx })
      .where('id', this.id)
      .whereNull('used_at')
      .where('expires_at', '>', sqlTime(DateTime.utc()))
      .update({ used_at: sqlTime(DateTime.utc()), only_on: null })
    if (affected(used) === 0) throw new LinkExpired()
  }
}

function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

function hashed(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
