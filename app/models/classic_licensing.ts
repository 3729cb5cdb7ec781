import { DateTime } from 'luxon'
import type { ModelQueryBuilderContract } from '@adonisjs/lucid/types/model'
import { InvalidHolder, LicenseFrozen, NameInUse, NoClassicProduct } from '#exceptions/domain_error'
import { classicFileName } from '#licensing/classic_file'
import Activation from '#models/activation'
import AuditEvent from '#models/audit_event'
import License, { type LicenseLimits } from '#models/license'
import LicenseRenewal from '#models/license_renewal'
import LicensedProduct from '#models/licensed_product'
import Membership from '#models/membership'
import type Organization from '#models/organization'
import type Operation from '#models/operation'
import User from '#models/user'
import { isUniqueViolation } from '#models/concerns/database_errors'
import { Tenant } from '#models/concerns/tenant'
import { transaction } from '#models/concerns/transaction'
import { standingsOf } from '#models/license_standing'
import { ROLES, type Role } from '#models/types'

/*
| The licence manager of before knew users and instances; these are our people and licences. What its addresses did
| is done here with our words; the names are translated at the edge.
*/

/** Who asks: an installation for its own licence, or a person. */
export type ClassicCaller = { license: License; user: null } | { license: null; user: User }

export type ClassicLimits = Omit<LicenseLimits, 'entitlements' | 'graceDays' | 'maxActivations'>
export type ClassicGrant = ClassicLimits & {
  name: string
  expiresAt: DateTime
  product: string | null
  user: User
  externalReference?: string | null
}
export type ClassicEdit = Partial<ClassicLimits> & { name?: string; expiresAt?: DateTime }

export const ClassicLicensing = {
  /** What the caller may use in this role, by name, by its id there, or by uid. */
  find(caller: ClassicCaller, called: string, role: Role): Promise<License | null> {
    const isCalled = ({ name, uid, externalReference }: License) =>
      [name, uid, externalReference].includes(called)
    if (caller.license) return Promise.resolve(isCalled(caller.license) ? caller.license : null)
    return reachable(caller.user, role, (query) =>
      query.where((any) =>
        any.where('name', called).orWhere('uid', called).orWhere('external_reference', called)
      )
    )
  },

  /** By the name of its classic file, which is in upper case. */
  findByFile(caller: ClassicCaller, file: string): Promise<License | null> {
    if (caller.license) {
      const isIts = classicFileName(caller.license.name) === file
      return Promise.resolve(isIts ? caller.license : null)
    }
    const name = file.replace(/_LICENSE$/, '')
    return reachable(caller.user, 'viewer', (query) => query.whereRaw('upper(name) = ?', [name]))
  },

  /** Whose licences the user sees; null: everybody's. */
  async holdersOf(user: User): Promise<number[] | null> {
    if (user.isStaff) return null
    const memberships = await Membership.query().where('user_id', user.id)
    return memberships.map(({ organizationId }) => organizationId)
  },

  /** A user by what the old manager called one: its id, the name, or the address. */
  findUser(called: string): Promise<User | null> {
    return User.query()
      .where('external_reference', called)
      .orWhere('uid', called)
      .orWhere('username', called)
      .orWhere('email', called)
      .first()
  },

  /**
   * A grant to the organization that the user owns longest.
   * @throws NoClassicProduct, InvalidHolder, NameInUse
   */
  async grant(order: ClassicGrant, by: User): Promise<License> {
    const { product: code, user, ...facts } = order
    return License.grant(
      await productFor(code),
      await holderFor(user),
      {
        ...facts,
        maxActivations: 1,
        graceDays: null,
        entitlements: [],
        startsAt: DateTime.utc().startOf('second'),
      },
      by
    )
  },

  /**
   * All at once, as the old page did; not while the licence can be downloaded.
   * @throws LicenseFrozen, NameInUse
   */
  async edit(
    license: License,
    { name, expiresAt, ...limits }: ClassicEdit,
    by: User
  ): Promise<Operation | null> {
    const asked = [{ id: license.id, expires_at: license.expiresAt.toJSDate() }]
    const standings = await standingsOf(asked)
    const { state } = standings.get(license.id)!
    const isDownloadable = state === 'TODOWNLOAD' || state === 'DOWNLOADERROR'
    if (isDownloadable && !license.reopenedAt) throw new LicenseFrozen()
    await rename(license, { name, expiresAt }, by)
    if (await Activation.latestOf(license)) await license.reopen()
    await license.load((relation) => relation.load('entitlements').load('product'))
    const { maxVm, maxImage, maxUser, maxVcpu, maxVmem, maxVdisk } = license
    const kept = { maxVm, maxImage, maxUser, maxVcpu, maxVmem, maxVdisk }
    const { maxActivations, graceDays } = license
    const entitlements = license.entitlements.map((one) => ({
      name: one.name,
      maximum: one.maximum,
    }))
    return license.change({ ...kept, ...limits, maxActivations, graceDays, entitlements }, by)
  },
}

type Query = ModelQueryBuilderContract<typeof License, License>

function reachable(
  user: User,
  role: Role,
  narrow: (query: Query) => Query
): Promise<License | null> {
  return Tenant.system(
    'a license of somebody by an old address',
    async (): Promise<License | null> => {
      const query = narrow(License.query().preload('product').preload('organization'))
      if (!user.isStaff) {
        const roles = ROLES.slice(ROLES.indexOf(role))
        const held = await Membership.query().where('user_id', user.id).whereIn('role', roles)
        query.whereIn(
          'organization_id',
          held.map(({ organizationId }) => organizationId)
        )
      }
      return query.first()
    }
  )
}

/** The old manager knew one product: the only one, or the oldest that its programs can read. */
async function productFor(code: string | null): Promise<LicensedProduct> {
  const offered = await LicensedProduct.query().whereNull('archived_at').orderBy('id')
  const product = code
    ? offered.find((one) => one.code === code)
    : offered.length === 1
      ? offered[0]
      : offered.find(({ classicEnabled }) => classicEnabled)
  if (!product) throw new NoClassicProduct()
  return product
}

async function holderFor(user: User): Promise<Organization> {
  const owned = await Membership.query()
    .where({ user_id: user.id, role: 'owner' })
    .preload('organization')
    .orderBy('id')
  const organization = owned.map((one) => one.organization).find((one) => !one.deletedAt)
  if (!organization) throw new InvalidHolder({ user: user.email })
  return organization
}

/** Its name and its end; another end stands in its history. @throws NameInUse */
async function rename(
  license: License,
  { name = license.name, expiresAt = license.expiresAt }: { name?: string; expiresAt?: DateTime },
  by: User
): Promise<void> {
  const before = { name: license.name, expiresAt: license.expiresAt }
  if (name === before.name && expiresAt.equals(before.expiresAt)) return
  try {
    await transaction(async (trx) => {
      await license.lock(trx)
      await license.useTransaction(trx).merge({ name, expiresAt }).save()
      const { organizationId, id: licenseId, auditSubject: subject } = license
      if (!expiresAt.equals(before.expiresAt)) {
        const ends = { expiredAt: before.expiresAt, expiresAt, renewedById: by.id }
        await LicenseRenewal.create({ organizationId, licenseId, ...ends }, { client: trx })
      }
      await AuditEvent.record(
        {
          action: 'license.changed',
          organizationId,
          subject,
          before: { name: before.name, expiresAt: before.expiresAt.toISO() },
          after: { name, expiresAt: expiresAt.toISO() },
        },
        trx
      )
    })
  } catch (error) {
    license.merge(before)
    if (!isUniqueViolation(error)) throw error
    throw new NameInUse({ name }, { cause: error })
  }
}
