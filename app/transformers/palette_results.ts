import Instance from '#models/instance'
import type { InstanceRow } from '#models/instance_list'

/** One line of the palette: the state's door, the name, and what tells two of one name apart. */
export function paletteRow(row: InstanceRow, href: string) {
  return {
    title: row.organization ? `${row.name} · ${row.organization}` : row.name,
    note: row.addresses?.split(',')[0] ?? row.uid,
    is: Instance.status(row.phase, row.operation, row.is_suspended),
    href,
  }
}
