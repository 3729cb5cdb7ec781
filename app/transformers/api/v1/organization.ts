import type Organization from '#models/organization'
import type { OrganizationRow } from '#models/organization'
import type { Role } from '#models/types'

/** As one of its members, with this role, knows it. */
export function apiOrganization({ name, slug, kind, createdAt }: Organization, role: Role) {
  return { name, slug, kind, role, created_at: createdAt.toISO() }
}

export function apiOrganizationRow({
  name,
  slug,
  kind,
  role,
  members,
  instances,
}: OrganizationRow) {
  return { name, slug, kind, role, members: Number(members), instances: Number(instances) }
}
