import { createHash } from 'node:crypto'
import { DateTime } from 'luxon'
import { beforeCreate } from '@adonisjs/lucid/orm'
import { IdempotencyKeySchema } from '#database/schema'
import { IdempotencyKeyInFlight, IdempotencyKeyReused } from '#exceptions/domain_error'
import { isUniqueViolation } from '#models/concerns/database_errors'
import { affected, sqlTime } from '#models/concerns/sql'
import { newUid } from '#models/concerns/uid'
import type User from '#models/user'
import { seal, unseal } from '#services/vault'

const KEPT_HOURS = 24
/** A process that died in the middle never answers: after this long the request may be sent again. */
const IN_FLIGHT_SECONDS = 60

/** Conflict and too many requests. */
const PASSING = [409, 429]

export type StoredAnswer = { status: number; location: string | null; body: unknown }

/** A request that a program may repeat: done once, and answered each time as it was the first time. */
export default class IdempotencyKey extends IdempotencyKeySchema {
  @beforeCreate()
  static assignUid(row: IdempotencyKey) {
    row.uid ??= newUid('r')
  }

  /**
   * Begins a request, or finds how it was answered.
   * @param asked method, path and body
   * @throws IdempotencyKeyReused for another request, IdempotencyKeyInFlight while the first is at it
   */
  static async begin(user: User, key: string, asked: string): Promise<IdempotencyKey> {
    const keyHash = digest(key)
    const fingerprint = digest(asked)
    try {
      return await IdempotencyKey.create({
        userId: user.id,
        keyHash,
        fingerprint,
        createdAt: DateTime.utc(),
      })
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
    }
    const known = await IdempotencyKey.query().where({ userId: user.id, keyHash }).firstOrFail()
    if (known.fingerprint !== fingerprint) throw new IdempotencyKeyReused()
    if (known.answer) return known
    if (await known.takeOver()) return known
    throw new IdempotencyKeyInFlight()
  }

  /**
   * For the operation that the request opens, which is kept longer than the answer. It is of this person and this
   * request alone: the same key of somebody else, or for something else, must not find it.
   */
  static requestKey(user: User, key: string, asked: string): string {
    return `api-${digest(JSON.stringify([user.id, key, asked]))}`
  }

  get answer(): StoredAnswer | null {
    // A row that was just made has none at all.
    return (this.status ?? null) === null
      ? null
      : JSON.parse(unseal(this.answerEncrypted!, this.purpose))
  }

  /** What passes is not kept, be it a fault of ours or a busy instance: then the request may be sent again. */
  async end(answer: StoredAnswer): Promise<void> {
    if (answer.status >= 500 || PASSING.includes(answer.status)) return this.delete()
    this.status = answer.status
    this.answerEncrypted = seal(JSON.stringify(answer), this.purpose)
    await this.save()
  }

  static async forgetOld(): Promise<void> {
    const end = DateTime.utc().minus({ hours: KEPT_HOURS })
    await IdempotencyKey.query().where('created_at', '<', sqlTime(end)).delete()
  }

  private async takeOver(): Promise<boolean> {
    const dead = DateTime.utc().minus({ seconds: IN_FLIGHT_SECONDS })
    const taken = await IdempotencyKey.query()
      .where('id', this.id)
      .whereNull('status')
      .where('created_at', '<', sqlTime(dead))
      .update({ created_at: sqlTime(DateTime.utc()) })
    return affected(taken) > 0
  }

  private get purpose(): string {
    return `idempotency:${this.uid}`
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
