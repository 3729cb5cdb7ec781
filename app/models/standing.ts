import type { Role, StaffRole } from '#models/types'

/** What a person may enter, who is signed in or whose program is. */
export type Standing = { staffRole: StaffRole | null; roles: Map<number, Role> }

type Row = {
  id: number
  staff_role: StaffRole | null
  organization_id: number | null
  role: Role
  deleted_at: unknown
}

/** One row for each organization that they belong to. */
export function addStanding(standings: Map<number, Standing>, row: Row): void {
  const { id, organization_id: organizationId } = row
  const standing = standings.get(id) ?? { staffRole: row.staff_role, roles: new Map() }
  if (organizationId && !row.deleted_at) standing.roles.set(organizationId, row.role)
  standings.set(id, standing)
}
