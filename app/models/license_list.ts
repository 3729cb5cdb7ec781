import { DateTime } from 'luxon'
import db from '@adonisjs/lucid/services/db'
import type { LicenseState } from '#licensing/license_state'
import License from '#models/license'
import LicenseDocument from '#models/license_document'
import { standingsOf, type LicenseStanding } from '#models/license_standing'
import { keysetPage, type Cursor, type KeysetPage } from '#models/concerns/keyset'
import { likePrefix } from '#models/concerns/search'
import { sqlTime } from '#models/concerns/sql'

const SIZE = 50

export type LicenseListRequest = { words: string; state: LicenseState | null; cursor: Cursor }
export type ListedLicense = { license: License; standing: LicenseStanding }

/** Licences, newest first: of these organizations, or of all for staff. */
export async function listLicenses(
  organizationIds: number[] | null,
  { words, state, cursor }: LicenseListRequest,
  size = SIZE
): Promise<KeysetPage<ListedLicense>> {
  const query = License.query().preload('product').preload('organization')
  if (organizationIds) query.whereIn('licenses.organization_id', organizationIds)
  for (const word of words.split(/\s+/).filter(Boolean)) {
    query.where((any) =>
      any
        .whereRaw("licenses.name like ? escape '!'", [likePrefix(word)])
        .orWhereIn('licenses.organization_id', (holders) =>
          holders
            .from('organizations')
            .whereRaw("name like ? escape '!'", [likePrefix(word)])
            .select('id')
        )
        .orWhereIn('licenses.licensed_product_id', (products) =>
          products.from('licensed_products').where('code', word).select('id')
        )
    )
  }
  if (state) await confine(query, state)
  const order = {
    columns: ['licenses.id'],
    descending: true,
    keyOf: ({ id }: License) => [id],
  }
  const page = await keysetPage(query, order, cursor, size, (narrowed) => narrowed)
  const standings = await standingsOf(
    page.rows.map(({ id, expiresAt }) => ({ id, expires_at: expiresAt.toJSDate() }))
  )
  return {
    ...page,
    rows: page.rows.map((license) => ({ license, standing: standings.get(license.id)! })),
  }
}

type Query = ReturnType<typeof License.query>

/** The same rules as `licenseState`, as the database can ask them. */
async function confine(query: Query, state: LicenseState): Promise<void> {
  const of = (table: string) => db.from(table).whereColumn(`${table}.license_id`, 'licenses.id')
  const now = sqlTime(DateTime.utc())
  const revoked = of('license_revocations')
  if (state === 'REVOKED') return void query.whereExists(revoked)
  query.whereNotExists(revoked)
  const suspended = of('license_suspensions').whereNotNull('open_on')
  if (state === 'SUSPENDED') return void query.whereExists(suspended)
  query.whereNotExists(suspended)
  if (state === 'EXPIRED') return void query.where('licenses.expires_at', '<=', now)
  query.where('licenses.expires_at', '>', now)
  const refused = of('host_info_uploads')
    .whereNotNull('refusal')
    .whereIn('id', db.from('host_info_uploads').groupBy('license_id').max('id'))
  if (state === 'INFOERROR') return void query.whereExists(refused)
  query.whereNotExists(refused)
  const bound = of('activations').whereNull('deactivated_at').whereNotNull('public_key')
  if (state === 'TOUPLOAD') return void query.whereNotExists(bound)
  query.whereExists(bound)
  const paused = await LicenseDocument.pausedNow()
  const broken = LicenseDocument.brokenAmong()
  if (state === 'DOWNLOADERROR') {
    query.where((any) => any.whereIn('licenses.id', paused).orWhereIn('licenses.id', broken))
  } else query.whereNotIn('licenses.id', paused).whereNotIn('licenses.id', broken)
}
