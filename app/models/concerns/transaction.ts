import { setTimeout as sleep } from 'node:timers/promises'
import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { isDeadlock } from '#models/concerns/database_errors'

const TRIES = 5

/**
 * A transaction that begins again when the database gave it up to resolve a deadlock. `work` therefore
 * keeps nothing outside the transaction but its result.
 */
export async function transaction<T>(
  work: (trx: TransactionClientContract) => Promise<T>
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction(work)
    } catch (error) {
      if (!isDeadlock(error) || attempt === TRIES) throw error
      await sleep(Math.random() * 20 * attempt)
    }
  }
}
