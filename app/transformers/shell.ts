import {
  ADMIN_NAVIGATION,
  activeKey,
  portalNavigation,
  type NavigationItem,
} from '#transformers/navigation'

/**
 * The frame around every page, as plain data: what layouts/portal and layouts/admin need and nothing else.
 * `locale`, `theme`, `cspNonce` and `csrfToken` belong to the request, not to the frame (start/view.ts).
 */
export type Shell = {
  area: 'portal' | 'admin'
  user: { name: string; email: string; isStaff: boolean } | null
  /** null in the staff area, and for a person who belongs to no organization. */
  organization: ShellOrganization | null
  organizations: ShellOrganization[]
  navigation: (NavigationItem & { isActive: boolean })[]
  runningOperations: number
  /** Where the running operations stand. */
  operationsPath: string
  /** The stream that tells of them; null: there is nothing to follow. */
  eventsPath: string | null
  /** Answers `?q=` with a list of results (partials/palette_results); null: only pages are found. */
  searchPath: string | null
}

export type ShellOrganization = {
  name: string
  slug: string
  role: string
  path: string
  initial: string
  isCurrent: boolean
}

export type ShellSource = {
  path: string
  user: { name: string; email: string; isStaff: boolean } | null
  /** The organizations of this person, the current one first in `slug`. */
  memberships: { name: string; slug: string; role: string }[]
  currentSlug: string | null
  runningOperations: number
}

export function isStaffArea(path: string): boolean {
  return path === '/admin' || path.startsWith('/admin/')
}

export function shellOf(source: ShellSource): Shell {
  const area = isStaffArea(source.path) ? 'admin' : 'portal'
  const organizations = source.memberships.map(({ name, slug, role }) => ({
    name,
    slug,
    role,
    path: `/o/${slug}`,
    initial: [...name.trim()][0]?.toLocaleUpperCase() ?? '?',
    isCurrent: slug === source.currentSlug,
  }))
  const organization =
    area === 'admin'
      ? null
      : (organizations.find(({ isCurrent }) => isCurrent) ?? organizations[0] ?? null)
  const items =
    area === 'admin' ? ADMIN_NAVIGATION : organization ? portalNavigation(organization.slug) : []
  const active = activeKey(items, source.path)

  return {
    area,
    user: source.user,
    organization,
    organizations,
    navigation: items.map((item) => ({ ...item, isActive: item.key === active })),
    runningOperations: source.runningOperations,
    operationsPath: items.find(({ key }) => key === 'operations')?.path ?? '/',
    eventsPath: area === 'admin' ? '/admin/events' : organization && `${organization.path}/events`,
    searchPath: area === 'admin' ? '/admin/search' : organization && `${organization.path}/search`,
  }
}
