import { DateTime } from 'luxon'
import { errors } from '@vinejs/vine'
import { unfitRows, type LicenseRow } from '#models/license_import'
import { csvLines } from '#validators/csv'
import { licenseRowValidator } from '#validators/license'

export type ReadLine = {
  number: number
  text: string
  row: LicenseRow | null
  /** Fields that cannot be read, `taken`, `twice`, `no_organization`. */
  problems: string[]
}

const COLUMNS = [
  'name',
  'organization',
  'expires',
  'max_vm',
  'max_image',
  'max_user',
  'max_vcpu',
  'max_vmem',
  'max_vdisk',
]
const MOST_LINES = 2000

/** Reads comma separated lines; a head line and empty lines are passed over. */
export async function readLicenseRows(text: string): Promise<ReadLine[]> {
  const lines = text
    .split(/\r?\n/)
    .map((line, index) => ({ number: index + 1, text: line.trim() }))
    .filter((line) => line.text !== '' && !line.text.startsWith('name,'))
    .slice(0, MOST_LINES)
  const read = await Promise.all(lines.map(readLine))
  const { taken, organizations } = await unfitRows(read.flatMap(({ row }) => row ?? []))
  const seen = new Set<string>()
  for (const { row, problems } of read) {
    if (!row) continue
    const name = row.name.toLowerCase()
    if (taken.has(name)) problems.push('taken')
    if (seen.has(name)) problems.push('twice')
    if (!organizations.has(row.organization)) problems.push('no_organization')
    seen.add(name)
  }
  return read
}

async function readLine({ number, text }: { number: number; text: string }): Promise<ReadLine> {
  const [cells = []] = csvLines(text)
  const typed = Object.fromEntries(COLUMNS.map((column, index) => [column, cells[index] ?? '']))
  try {
    const row = await licenseRowValidator.validate(typed)
    return {
      number,
      text,
      problems: [],
      row: {
        name: row.name,
        organization: row.organization,
        expiresAt: DateTime.fromJSDate(row.expires, { zone: 'utc' }).endOf('day').startOf('second'),
        maxVm: row.max_vm,
        maxImage: row.max_image,
        maxUser: row.max_user,
        maxVcpu: row.max_vcpu,
        maxVmem: row.max_vmem,
        maxVdisk: row.max_vdisk,
      },
    }
  } catch (error) {
    if (!(error instanceof errors.E_VALIDATION_ERROR)) throw error
    const fields = (error.messages as { field: string }[]).map(({ field }) => field)
    return { number, text, row: null, problems: [...new Set(fields)] }
  }
}
