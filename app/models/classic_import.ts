import { DateTime } from 'luxon'
import { DomainError } from '#exceptions/domain_error'
import { ClassicLicensing } from '#models/classic_licensing'
import HostInfoUpload from '#models/host_info_upload'
import License from '#models/license'
import type LicensedProduct from '#models/licensed_product'
import User from '#models/user'
import UserAdministration from '#models/user_administration'
import { Tenant } from '#models/concerns/tenant'

/** A row of the old tables by the names of its columns. */
export type ClassicRow = Record<string, string>
export type ImportReport = {
  added: number
  /** Came with an earlier run. */
  known: number
  /** By the row's id: the code of the refusal. */
  refused: { id: string; why: string }[]
}

/**
 * People and instances of the old licence manager. Their ids stay with them, so that a second run adds what is new
 * and nothing else. Passwords are not taken over: everybody gets a link.
 */
export const ClassicImport = {
  users: (rows: ClassicRow[]) => each(rows, addUser),
  instances: (rows: ClassicRow[], product: LicensedProduct, by: User) =>
    each(rows, (row) => addInstance(row, product, by)),
}

async function each(
  rows: ClassicRow[],
  add: (row: ClassicRow) => Promise<boolean>
): Promise<ImportReport> {
  const report: ImportReport = { added: 0, known: 0, refused: [] }
  for (const row of rows) {
    try {
      if (await Tenant.system('import from the old licence manager', () => add(row)))
        report.added += 1
      else report.known += 1
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      report.refused.push({ id: row.id ?? '', why: error.code })
    }
  }
  return report
}

async function addUser(row: ClassicRow): Promise<boolean> {
  if (await User.findBy('externalReference', row.id)) return false
  const { user } = await UserAdministration.create({
    email: row.email ?? '',
    fullName: row.username || null,
    username: row.username || null,
    phone: row.phone || null,
    keystoneUrl: row.os_auth_url || null,
    organizationName: row.organization || null,
    externalReference: row.id ?? null,
    staffRole: null,
  })
  if (['0', 'false'].includes(row.is_active ?? '')) await user.disable()
  return true
}

/** With what its host sent once, where the product takes files of the old collector and its key was imported. */
async function addInstance(row: ClassicRow, product: LicensedProduct, by: User): Promise<boolean> {
  if (await License.findBy('externalReference', row.id)) return false
  const user = await User.findByOrFail('externalReference', row.user_id)
  const end = DateTime.fromSQL(row.expired_time ?? '', { zone: 'utc' })
  const license = await ClassicLicensing.grant(
    {
      name: row.instancename ?? '',
      expiresAt: end.startOf('second'),
      product: product.code,
      user,
      maxVm: Number(row.max_vm ?? 0),
      maxImage: Number(row.max_image ?? 0),
      maxUser: Number(row.max_user ?? 0),
      maxVcpu: Number(row.max_vcpu ?? 0),
      maxVmem: Number(row.max_vmem ?? 0),
      maxVdisk: Number(row.max_vdisk ?? 0),
      externalReference: row.id ?? null,
    },
    by
  )
  const { mac, serial_number: serialNumber, check_code: checkCode, public_key: publicKey } = row
  if (!mac || !checkCode || !publicKey || license.isExpired) return true
  const file = [license.name, mac, serialNumber, checkCode, publicKey].join('\n')
  await HostInfoUpload.receive(license, Buffer.from(file), { via: 'api', by: null })
  return true
}
