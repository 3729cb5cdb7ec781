import { DateTime } from 'luxon'
import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import { compose } from '@adonisjs/core/helpers'
import db from '@adonisjs/lucid/services/db'
import { HttpContext } from '@adonisjs/core/http'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { LicenseDocumentSchema } from '#database/schema'
import { DocumentBroken, DownloadsPaused, NotFound } from '#exceptions/domain_error'
import { classicFileName } from '#licensing/classic_file'
import { digestOf, openDocument } from '#licensing/document'
import { closedUntil, PACE_LOOKS_BACK } from '#licensing/download_pace'
import { parseKeyRing, type KeyRing } from '#licensing/key_ring'
import Activation from '#models/activation'
import AuditEvent from '#models/audit_event'
import License from '#models/license'
import SigningKey from '#models/signing_key'
import type User from '#models/user'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { sqlTime } from '#models/concerns/sql'
import { transaction } from '#models/concerns/transaction'
import { newUid } from '#models/concerns/uid'
import type { DocumentForm } from '#models/types'

const LOOK_BACK_MS = 3_600_000
const PAGE = 200

export type HandedOut = { name: string; text: string; sha256: string; downloads: number }

/** A licence as it was signed for one host; the current one is what is handed out. */
export default class LicenseDocument extends compose(LicenseDocumentSchema, BelongsToOrganization) {
  @belongsTo(() => License)
  declare license: BelongsTo<typeof License>

  @belongsTo(() => Activation)
  declare activation: BelongsTo<typeof Activation>

  @belongsTo(() => SigningKey)
  declare signingKey: BelongsTo<typeof SigningKey>

  @beforeCreate()
  static assignUid(document: LicenseDocument) {
    document.uid ??= newUid('d')
  }

  /** The one that is handed out for the host that was bound last; null before there is one. */
  static async currentOf(license: License, trx?: TransactionClientContract) {
    return LicenseDocument.query({ client: trx })
      .where('license_id', license.id)
      .whereNotNull('current_on')
      .orderBy('id', 'desc')
      .first()
  }

  /** Takes the place of its activation's document before; not for a host that was given up meanwhile. */
  async publish(trx: TransactionClientContract): Promise<void> {
    if (this.currentOn !== null) return
    const activation = await Activation.findOrFail(this.activationId, { client: trx })
    if (activation.deactivatedAt) return
    const now = sqlTime(DateTime.utc())
    await trx
      .from('license_documents')
      .where('current_on', this.activationId)
      .update({ current_on: null, superseded_at: now })
    await trx
      .from('license_documents')
      .where('id', this.id)
      .update({ current_on: this.activationId, published_at: now })
  }

  /** Whether what is kept is what was signed, by a key that nobody revoked. */
  isIntact(ring: KeyRing): boolean {
    if (digestOf(this.document) !== this.digest) return false
    return openDocument('LICENSE', this.document, ring).fault === null
  }

  /** Looks at every document that is handed out; what is found stands in the lists. Tells how many are broken. */
  static async inspect(): Promise<number> {
    const ring = await LicenseDocument.ring()
    let [broken, after] = [0, 0]
    for (;;) {
      const documents = await LicenseDocument.query()
        .whereNotNull('current_on')
        .where('id', '>', after)
        .orderBy('id')
        .limit(PAGE)
      for (const document of documents) {
        if (document.isIntact(ring)) continue
        broken += 1
        await document.markBroken()
      }
      if (documents.length < PAGE) return broken
      after = documents.at(-1)!.id
    }
  }

  /** Licences whose document was found broken and was not issued anew yet. */
  static brokenAmong(licenseIds?: number[]) {
    const query = db
      .from('license_documents')
      .whereNotNull('current_on')
      .whereNotNull('broken_at')
      .select('license_id')
    return licenseIds ? query.whereIn('license_id', licenseIds) : query
  }

  private async markBroken(): Promise<void> {
    await db
      .from('license_documents')
      .where('id', this.id)
      .whereNull('broken_at')
      .update({ broken_at: sqlTime(DateTime.utc()) })
  }

  static async ring(): Promise<KeyRing> {
    return parseKeyRing(await SigningKey.ringText())
  }

  /**
   * Counts, and hands it over.
   * @throws LicenseClosed, DownloadsPaused, DocumentBroken; NotFound when it has no such form
   */
  async handOut(license: License, form: DocumentForm, by: User | null): Promise<HandedOut> {
    const text = this.textOf(form)
    if (text === null) throw new NotFound()
    if (!this.isIntact(await LicenseDocument.ring())) {
      await this.markBroken()
      throw new DocumentBroken()
    }
    const downloads = await transaction(async (trx) => {
      await license.lock(trx)
      await license.ensureOpen(trx)
      const now = Date.now()
      const until = await LicenseDocument.pausedUntil(license.id, now, trx)
      if (until) throw new DownloadsPaused({ minutes: Math.ceil((until - now) / 60_000) })
      await trx.table('license_downloads').insert({
        organization_id: license.organizationId,
        license_id: license.id,
        license_document_id: this.id,
        form,
        downloaded_by_id: by?.id ?? null,
        ip_address: HttpContext.get()?.request.ip() ?? null,
        downloaded_at: now,
      })
      await trx.from('license_documents').where('id', this.id).increment('downloads', 1)
      await AuditEvent.record(
        {
          action: 'license.downloaded',
          organizationId: license.organizationId,
          subject: license.auditSubject,
          after: { serial: this.serial, form },
        },
        trx
      )
      return this.downloads + 1
    })
    return { name: fileName(license, form), text, sha256: digestOf(text), downloads }
  }

  /** Until when nothing of the licence is handed out, in milliseconds since 1970; null: at once. */
  static async pausedUntil(licenseId: number, now: number, trx?: TransactionClientContract) {
    const paused = await LicenseDocument.pausesOf([licenseId], now, trx)
    return paused.get(licenseId) ?? null
  }

  /** The same for many. */
  static async pausesOf(
    licenseIds: number[],
    now: number,
    trx?: TransactionClientContract
  ): Promise<Map<number, number>> {
    const rows = await (trx ?? db)
      .from('license_downloads')
      .whereIn('license_id', licenseIds)
      .where('downloaded_at', '>=', now - LOOK_BACK_MS)
      .orderBy('downloaded_at', 'desc')
      .limit(PACE_LOOKS_BACK * licenseIds.length)
      .select('license_id', 'downloaded_at')
    const times = new Map<number, number[]>()
    for (const row of rows.reverse()) {
      const known = times.get(row.license_id) ?? []
      known.push(Number(row.downloaded_at))
      times.set(row.license_id, known)
    }
    const paused = new Map<number, number>()
    for (const [id, moments] of times) {
      const until = closedUntil(moments, now)
      if (until) paused.set(id, until)
    }
    return paused
  }

  /** Licences whose downloads pause at this moment. */
  static async pausedNow(): Promise<number[]> {
    const now = Date.now()
    const recent = await db
      .from('license_downloads')
      .where('downloaded_at', '>=', now - LOOK_BACK_MS)
      .groupBy('license_id')
      .havingRaw('count(*) > 5')
      .select('license_id')
    const ids = recent.map(({ license_id: id }) => id as number)
    const pauses = await LicenseDocument.pausesOf(ids, now)
    return [...pauses.keys()]
  }

  /** The forms in which it is there. */
  get forms(): DocumentForm[] {
    return (['document', 'encrypted', 'classic'] as const).filter((form) => this.textOf(form))
  }

  private textOf(form: DocumentForm): string | null {
    return form === 'document' ? this.document : this[form]
  }
}

export function fileName({ name }: License, form: DocumentForm): string {
  switch (form) {
    case 'document':
      return `${name}.license`
    case 'encrypted':
      return `${name}.license.enc`
    case 'classic':
      return classicFileName(name)
    default: {
      const never: never = form
      return never
    }
  }
}
