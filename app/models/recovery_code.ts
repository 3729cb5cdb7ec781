import { createHash, randomInt } from 'node:crypto'
import { DateTime } from 'luxon'
import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { RecoveryCodeSchema } from '#database/schema'
import type User from '#models/user'
import { affected, sqlTime } from '#models/concerns/sql'

export const RECOVERY_CODES = 10
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'
const LENGTH = 16

/** A way in for somebody who lost the second factor: shown once, kept as a hash, works once. */
export default class RecoveryCode extends RecoveryCodeSchema {
  /** Ten new ones; the old ones are void. Returns what is shown this once. */
  static async renewFor(user: User, trx: TransactionClientContract): Promise<string[]> {
    const codes = Array.from({ length: RECOVERY_CODES }, newCode)
    const createdAt = sqlTime(DateTime.utc())
    await trx.from('recovery_codes').where('user_id', user.id).delete()
    await trx
      .table('recovery_codes')
      .multiInsert(
        codes.map((code) => ({ user_id: user.id, hash: hashed(code), created_at: createdAt }))
      )
    return codes
  }

  /** Whether the code was one of theirs and had not been used; now it has. */
  static async spend(user: User, code: string): Promise<boolean> {
    const spent = await db
      .from('recovery_codes')
      .where({ user_id: user.id, hash: hashed(code) })
      .whereNull('used_at')
      .update({ used_at: sqlTime(DateTime.utc()) })
    return affected(spent) === 1
  }

  static async leftOf(user: User): Promise<number> {
    const row = await db
      .from('recovery_codes')
      .where('user_id', user.id)
      .whereNull('used_at')
      .count('* as left')
      .firstOrFail()
    return Number(row.left)
  }
}

/** About 79 bits: a plain hash of it cannot be searched through. */
function newCode(): string {
  const letters = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)])
  return letters.join('').replace(/(.{4})(?=.)/g, '$1-')
}

/** Typed from paper: spaces, dashes and capitals do not matter. */
function hashed(code: string): string {
  const letters = code.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  return createHash('sha256').update(letters).digest('hex')
}
