import { createHash } from 'node:crypto'
import { beforeDelete, beforeUpdate } from '@adonisjs/lucid/orm'
import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { LicenseLedgerSchema } from '#database/schema'
import { digestOf, writeDocument } from '#licensing/document'
import { parseLicense, writeLicense } from '#licensing/license_text'
import { FIRST_HASH } from '#models/audit_event'
import { keysetPage, type Cursor, type KeysetPage } from '#models/concerns/keyset'

const LEDGER = 'documents'
const PAGE = 500

/** In the order in which they are hashed. */
const HASHED = [
  'position',
  'license_uid',
  'license_name',
  'key_id',
  'document_digest',
  'signed_text',
  'signature',
  'issued_by',
  'issued_at',
  'previous_hash',
] as const

type HashedRow = Record<(typeof HASHED)[number], string | number>
export type LedgerRow = Omit<HashedRow, 'previous_hash'> & { position: number }

export type LedgerFault = {
  position: number
  fault: 'missing' | 'changed' | 'not_linked' | 'other_bytes' | 'head_differs'
}

/**
 * Every document that was ever issued: only added to, each row with the hash of the one before it. A row holds
 * what the document is made of, so that the document can be made of it again.
 */
export default class LicenseLedger extends LicenseLedgerSchema {
  static override table = 'license_ledger'

  @beforeUpdate()
  @beforeDelete()
  static refuse() {
    throw new Error('the ledger of licences is only ever added to')
  }

  /** The position before the next one; nobody else adds until the transaction has ended. */
  static async lock(trx: TransactionClientContract): Promise<{ length: number; hash: string }> {
    await trx
      .insertQuery()
      .table('license_ledger_heads')
      .insert({ ledger: LEDGER, length: 0, hash: FIRST_HASH })
      .onConflict('ledger')
      .ignore()
    const head = await trx
      .from('license_ledger_heads')
      .where('ledger', LEDGER)
      .forUpdate()
      .select('length', 'hash')
      .firstOrFail()
    return { length: Number(head.length), hash: head.hash }
  }

  /** Adds rows behind the head that was locked, in their order, and returns the head that they make. */
  static async append(
    rows: readonly LedgerRow[],
    head: { hash: string },
    trx: TransactionClientContract
  ): Promise<{ length: number; hash: string }> {
    let previous = head.hash
    const chained = rows.map((row) => {
      const linked = { ...row, previous_hash: previous }
      previous = hashOf(linked)
      return { ...linked, hash: previous }
    })
    await trx.table('license_ledger').multiInsert(chained)
    const length = rows.at(-1)!.position
    await trx
      .from('license_ledger_heads')
      .where('ledger', LEDGER)
      .update({ length, hash: previous })
    return { length, hash: previous }
  }

  /** The document of a row, made once more. */
  static remake({ signed_text: text, signature }: Pick<HashedRow, 'signed_text' | 'signature'>) {
    const facts = parseLicense(String(text))
    const same = facts && writeLicense(facts)
    return writeDocument('LICENSE', same ?? String(text), Buffer.from(String(signature), 'base64'))
  }

  /** A row with its document; null for a serial that was never given. */
  static async document(serial: number): Promise<{ document: string; digest: string } | null> {
    const row = await db.from('license_ledger').where('position', serial).first()
    return row && { document: LicenseLedger.remake(row), digest: row.document_digest }
  }

  /** Walks from the beginning, makes each document again, and stops at the first row that does not fit. */
  static async verify(): Promise<{ documents: number; head: string; fault: LedgerFault | null }> {
    const stored = await db.from('license_ledger_heads').where('ledger', LEDGER).first()
    const head = { length: Number(stored?.length ?? 0), hash: stored?.hash ?? FIRST_HASH }
    let [position, previous] = [0, FIRST_HASH]
    const broken = (fault: LedgerFault['fault']) => ({
      documents: position - 1,
      head: head.hash,
      fault: { position, fault },
    })
    while (position < head.length) {
      const rows: (HashedRow & { hash: string })[] = await db
        .from('license_ledger')
        .where('position', '>', position)
        .where('position', '<=', head.length)
        .orderBy('position')
        .limit(PAGE)
      if (rows.length === 0) {
        position += 1
        return broken('missing')
      }
      for (const row of rows) {
        position += 1
        if (row.position !== position) return broken('missing')
        if (row.previous_hash !== previous) return broken('not_linked')
        if (hashOf(row) !== row.hash) return broken('changed')
        if (digestOf(LicenseLedger.remake(row)) !== row.document_digest)
          return broken('other_bytes')
        previous = row.hash
      }
    }
    if (previous !== head.hash) return broken('head_differs')
    return { documents: position, head: head.hash, fault: null }
  }

  /** Newest first; of one licence by its uid. */
  static list({
    license,
    cursor,
    size,
  }: {
    license: string | null
    cursor: Cursor
    size: number
  }): Promise<KeysetPage<LicenseLedger>> {
    const query = LicenseLedger.query()
    if (license) query.where('license_uid', license)
    const order = {
      columns: ['position'],
      descending: true,
      keyOf: ({ position }: LicenseLedger) => [position],
    }
    return keysetPage(query, order, cursor, size, (narrowed) => narrowed)
  }
}

function hashOf(row: HashedRow): string {
  return createHash('sha256')
    .update(JSON.stringify(HASHED.map((column) => row[column])))
    .digest('hex')
}
