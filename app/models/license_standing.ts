import { DateTime } from 'luxon'
import db from '@adonisjs/lucid/services/db'
import { licenseState, type LicenseState } from '#licensing/license_state'
import LicenseDocument from '#models/license_document'

/** Where a licence stands, and why. */
export type LicenseStanding = {
  state: LicenseState
  /** Of a revocation or a suspension. */
  reason: string | null
  /** Why the last file was refused; none while it is good. */
  refusal: string | null
  isWaitingForApproval: boolean
  hasHost: boolean
  /** Until when downloads pause, ms since 1970. */
  pausedUntil: number | null
}

type Asked = { id: number; expires_at: string | Date }

/** Of many licences at once, a question to each table. */
export async function standingsOf(licenses: Asked[]): Promise<Map<number, LicenseStanding>> {
  const ids = licenses.map(({ id }) => id)
  const now = Date.now()
  const of = (table: string) => db.from(table).whereIn('license_id', ids)
  const [revocations, suspensions, uploads, hosts, paused, found] = await Promise.all([
    of('license_revocations').select('license_id', 'reason'),
    of('license_suspensions').whereNotNull('open_on').select('license_id', 'reason'),
    db
      .from('host_info_uploads')
      .whereIn('id', of('host_info_uploads').groupBy('license_id').max('id'))
      .select('license_id', 'refusal', 'awaits_approval_at', 'approved_at', 'declined_at'),
    of('activations').whereNull('deactivated_at').whereNotNull('public_key').distinct('license_id'),
    LicenseDocument.pausesOf(ids, now),
    LicenseDocument.brokenAmong(ids),
  ])
  const byLicense = <Row extends { license_id: number }>(rows: Row[]) =>
    new Map(rows.map((row) => [row.license_id, row]))
  const [revoked, suspended] = [byLicense(revocations), byLicense(suspensions)]
  const [last, bound] = [byLicense(uploads), byLicense(hosts)]
  const broken = new Set(found.map(({ license_id: id }) => id as number))
  return new Map(
    licenses.map(({ id, expires_at: expiresAt }) => {
      const upload = last.get(id)
      const state = licenseState({
        isRevoked: revoked.has(id),
        isSuspended: suspended.has(id),
        isExpired: momentOf(expiresAt) <= now,
        hasHost: bound.has(id),
        isLastUploadRefused: Boolean(upload?.refusal),
        isDownloadBroken: paused.has(id) || broken.has(id),
      })
      const standing: LicenseStanding = {
        state,
        reason: revoked.get(id)?.reason ?? suspended.get(id)?.reason ?? null,
        refusal: upload?.refusal ?? null,
        isWaitingForApproval: Boolean(
          upload?.awaits_approval_at && !upload.approved_at && !upload.declined_at
        ),
        hasHost: bound.has(id),
        pausedUntil: paused.get(id) ?? null,
      }
      return [id, standing]
    })
  )
}

function momentOf(value: string | Date): number {
  if (value instanceof Date) return value.getTime()
  return DateTime.fromSQL(value, { zone: 'utc' }).toMillis()
}
