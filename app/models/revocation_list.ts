import { DateTime } from 'luxon'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { RevocationListSchema } from '#database/schema'
import { revocationListDays } from '#config/licensing'
import { digestOf, signDocument, splitDocument } from '#licensing/document'
import {
  hashedSerial,
  parseRevocations,
  writeRevocations,
  type RevocationFacts,
} from '#licensing/revocation_list'
import type { SigningAlgorithm } from '#licensing/signing'
import LicenseLedger from '#models/license_ledger'
import SigningKey from '#models/signing_key'
import { sqlTime } from '#models/concerns/sql'
import { transaction } from '#models/concerns/transaction'

/** Signed, numbered, and good for a week: what a product has to refuse although it was signed. */
export default class RevocationList extends RevocationListSchema {
  static override primaryKey = 'number'
  static override selfAssignPrimaryKey = true

  static latest(trx?: TransactionClientContract): Promise<RevocationList | null> {
    return RevocationList.query({ client: trx }).orderBy('number', 'desc').first()
  }

  /** Makes the next list when it would say something else, or the last one ends soon. Null before there is a key. */
  static async refresh(): Promise<RevocationList | null> {
    return transaction(async (trx) => {
      // One at a time, and not while somebody issues: the same row keeps both in order.
      await LicenseLedger.lock(trx)
      const key = await SigningKey.anyActive(trx)
      const last = await RevocationList.latest(trx)
      if (!key) return last
      const content = await revoked(trx)
      const now = DateTime.utc()
      if (last?.isFresh(content, key.keyId, now)) return last
      const nextUpdate = now.plus({ days: revocationListDays })
      const facts: RevocationFacts = {
        keyId: key.keyId,
        algorithm: key.algorithm as SigningAlgorithm,
        number: (last?.number ?? 0) + 1,
        thisUpdate: moment(now),
        nextUpdate: moment(nextUpdate),
        ...content,
      }
      const document = await signDocument('REVOCATIONS', writeRevocations(facts), key.signer)
      return RevocationList.create(
        {
          number: facts.number,
          keyId: key.keyId,
          document,
          digest: digestOf(document),
          thisUpdate: now,
          nextUpdate,
        },
        { client: trx }
      )
    })
  }

  /** What the list says. */
  get facts(): RevocationFacts {
    return parseRevocations(splitDocument('REVOCATIONS', this.document)!.text)!
  }

  private isFresh(content: { serials: string[]; keys: string[] }, keyId: string, now: DateTime) {
    const { serials, keys } = this.facts
    return (
      this.keyId === keyId &&
      this.nextUpdate > now.plus({ days: 1 }) &&
      serials.join() === content.serials.join() &&
      keys.join() === content.keys.join()
    )
  }
}

/**
 * Of revoked licences, and of hosts that gave their place to another; documents that nobody takes any more
 * because of their date need not be named.
 */
async function revoked(trx: TransactionClientContract) {
  const rows = await trx
    .from('license_documents as document')
    .join('activations', 'activations.id', 'document.activation_id')
    .leftJoin('license_revocations as revocation', 'revocation.license_id', 'document.license_id')
    .where('document.expires_at', '>', sqlTime(DateTime.utc().minus({ days: LONGEST_GRACE_DAYS })))
    .where((query) =>
      query.whereNotNull('revocation.id').orWhereNotNull('activations.deactivated_at')
    )
    .select('document.serial')
  const keys = await trx
    .from('signing_keys')
    .whereNotNull('revoked_at')
    .where('purpose', 'documents')
    .select('key_id')
  return {
    serials: rows.map(({ serial }) => hashedSerial(Number(serial))).toSorted(),
    keys: keys.map(({ key_id: id }) => id as string).toSorted(),
  }
}

export const LONGEST_GRACE_DAYS = 365

function moment(time: DateTime): string {
  return time.toFormat("yyyy-MM-dd'T'HH:mm:ss'Z'")
}
