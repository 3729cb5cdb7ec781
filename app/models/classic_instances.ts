import db from '@adonisjs/lucid/services/db'
import Activation from '#models/activation'
import HostInfoUpload from '#models/host_info_upload'
import type { ListedLicense } from '#models/license_list'
import Membership from '#models/membership'
import type User from '#models/user'

/** What the old manager told of its instances, for many licences at once, a question to each table. */
export async function classicInstances(rows: ListedLicense[]) {
  const ids = rows.map(({ license }) => license.id)
  const activations = await Activation.query()
    .whereIn('license_id', ids)
    .whereNull('deactivated_at')
    .whereNotNull('public_key')
    .orderBy('id')
  const uploads = await HostInfoUpload.query()
    .whereIn('license_id', ids)
    .whereNull('refusal')
    .orderBy('id')
  const downloads = await db
    .from('license_documents')
    .whereIn('license_id', ids)
    .groupBy('license_id')
    .select('license_id')
    .sum('downloads as total')
  const owners = await ownersOf(rows.map(({ license }) => license.organizationId))
  const counted = new Map(downloads.map((row) => [row.license_id as number, Number(row.total)]))
  const bound = new Map(activations.map((one) => [one.licenseId, one]))
  const sent = new Map(uploads.map((one) => [one.licenseId, one]))
  return rows.map(({ license, standing }) => ({
    license,
    standing,
    owner: owners.get(license.organizationId) ?? null,
    activation: bound.get(license.id) ?? null,
    upload: sent.get(license.id) ?? null,
    downloads: counted.get(license.id) ?? 0,
  }))
}

/** Who has owned each of them longest. */
async function ownersOf(organizationIds: number[]): Promise<Map<number, User>> {
  const owners = await Membership.query()
    .whereIn('organization_id', organizationIds)
    .where('role', 'owner')
    .preload('user')
    .orderBy('id', 'desc')
  return new Map(owners.map(({ organizationId, user }) => [organizationId, user]))
}
