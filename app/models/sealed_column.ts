import db from '@adonisjs/lucid/services/db'
import { credentialKeyRing } from '#config/encryption'
import AuditEvent from '#models/audit_event'
import { isSealedWithCurrentKey, keyIdOf, seal, unseal } from '#services/vault'

const BATCH = 200

export type RotationReport = {
  table: string
  column: string
  /** How many values each key had sealed, before. */
  sealedWith: Record<string, number>
  resealed: number
  /** Values that no key opens, by the row's uid. They are left as they are. */
  unreadable: { uid: string; reason: string }[]
}

type Row = { id: number; uid: string; sealed: string }

/** A column whose values are sealed by the vault, and how the purpose of a row's value reads. */
export class SealedColumn {
  constructor(
    private readonly table: string,
    private readonly column: string,
    private readonly purposeOf: (uid: string) => string
  ) {}

  /**
   * Seals every value anew under the first of CREDENTIAL_KEYS. Each batch stands for itself: a run that was
   * broken off is simply begun again, and pages go on reading meanwhile because the old keys still open.
   */
  static async rotate({ isDry = false } = {}): Promise<RotationReport[]> {
    const reports: RotationReport[] = []
    for (const column of SEALED_COLUMNS) reports.push(await column.rotate(isDry))
    const resealed = Object.fromEntries(reports.map((report) => [report.table, report.resealed]))
    if (!isDry) {
      await AuditEvent.record({
        action: 'encryption.rotated',
        organizationId: null,
        subject: null,
        outcome: reports.some(({ unreadable }) => unreadable.length > 0) ? 'failed' : 'succeeded',
        after: { key: credentialKeyRing[0]!.id, ...resealed },
      })
    }
    return reports
  }

  private async rotate(isDry: boolean): Promise<RotationReport> {
    const report: RotationReport = {
      table: this.table,
      column: this.column,
      sealedWith: {},
      resealed: 0,
      unreadable: [],
    }
    for (let lastId = 0; ;) {
      const rows = await this.batchAfter(lastId)
      if (rows.length === 0) return report
      const outdated = rows.flatMap((row) => this.sealedAnew(row, report))
      if (!isDry && outdated.length > 0) await this.replace(outdated)
      report.resealed += outdated.length
      lastId = rows.at(-1)!.id
    }
  }

  private batchAfter(id: number): Promise<Row[]> {
    return db
      .from(this.table)
      .whereNotNull(this.column)
      .where('id', '>', id)
      .orderBy('id')
      .limit(BATCH)
      .select('id', 'uid', `${this.column} as sealed`)
  }

  /** The row with its value under the current key; none when it is already, or cannot be opened. */
  private sealedAnew({ id, uid, sealed }: Row, report: RotationReport): (Row & { anew: string })[] {
    const keyId = keyIdOf(sealed)
    report.sealedWith[keyId] = (report.sealedWith[keyId] ?? 0) + 1
    if (isSealedWithCurrentKey(sealed)) return []
    const purpose = this.purposeOf(uid)
    try {
      return [{ id, uid, sealed, anew: seal(unseal(sealed, purpose), purpose) }]
    } catch (error) {
      report.unreadable.push({ uid, reason: (error as Error).message })
      return []
    }
  }

  private async replace(rows: (Row & { anew: string })[]): Promise<void> {
    await db.transaction(async (trx) => {
      for (const { id, sealed, anew } of rows) {
        // Only in the place of what was read: what was saved meanwhile is newer.
        await trx
          .from(this.table)
          .where({ id, [this.column]: sealed })
          .update({ [this.column]: anew })
      }
    })
  }
}

/** All there are: a sealed column that is missing here is lost with its key. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  new SealedColumn('clusters', 'credentials_encrypted', (uid) => `cluster:${uid}`),
  new SealedColumn('users', 'totp_secret_encrypted', (uid) => `totp:${uid}`),
  new SealedColumn('signing_keys', 'private_key_encrypted', (uid) => `signing_key:${uid}`),
  new SealedColumn('one_time_secrets', 'value_encrypted', (uid) => `secret:${uid}`),
  new SealedColumn('idempotency_keys', 'answer_encrypted', (uid) => `idempotency:${uid}`),
  new SealedColumn('webhooks', 'secrets_encrypted', (uid) => `webhook:${uid}`),
  new SealedColumn('cluster_forwarders', 'credentials_encrypted', (uid) => `forwarder:${uid}`),
]
