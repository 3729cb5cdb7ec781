import { DateTime } from 'luxon'
import License from '#models/license'
import type LicensedProduct from '#models/licensed_product'
import Organization from '#models/organization'
import type User from '#models/user'
import { transaction } from '#models/concerns/transaction'

export type LicenseRow = {
  name: string
  organization: string
  expiresAt: DateTime
  maxVm: number
  maxImage: number
  maxUser: number
  maxVcpu: number
  maxVmem: number
  maxVdisk: number
}

/** Names of this list that are given already, and slugs that no organization has. */
export async function unfitRows(rows: LicenseRow[]) {
  const taken = await License.query()
    .whereIn(
      'name',
      rows.map(({ name }) => name)
    )
    .select('name', 'organization_id')
  const known = await Organization.query()
    .whereIn(
      'slug',
      rows.map(({ organization }) => organization)
    )
    .whereNull('deleted_at')
  return {
    taken: new Set(taken.map(({ name }) => name.toLowerCase())),
    organizations: new Map(known.map((organization) => [organization.slug, organization])),
  }
}

/** All of them or none. @throws NameInUse when another grant was quicker */
export async function grantRows(product: LicensedProduct, rows: LicenseRow[], by: User) {
  const { organizations } = await unfitRows(rows)
  await transaction(async (trx) => {
    for (const { organization, ...facts } of rows) {
      await License.grant(
        product,
        organizations.get(organization)!,
        {
          ...facts,
          startsAt: DateTime.utc().startOf('second'),
          maxActivations: 1,
          graceDays: null,
          entitlements: [],
        },
        by,
        trx
      )
    }
  })
}
